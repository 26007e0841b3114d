/** A zip file (PKWARE's APPNOTE 6.3, without its 64-bit parts): the same bytes for the same files. */
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

const deflated = promisify(deflateRaw)

export interface Entry {
  /** With slashes, below the root of the archive. */
  readonly name: string
  readonly bytes: Buffer
}

/** First of January 1980, the earliest date that the format has: no archive differs by its hour. */
const DATE = 0x21
const UTF8 = 0x800

export async function zip(entries: readonly Entry[]): Promise<Buffer> {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  const packed = await Promise.all(entries.map(async ({ name, bytes }) => ({ name: Buffer.from(name), bytes, small: await deflated(bytes) })))
  for (const { name, bytes, small } of packed) {
    const method = small.length < bytes.length ? 8 : 0
    const data = method === 8 ? small : bytes
    // What a file has in front of it, and once more in the directory at the end.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(UTF8, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, name)
    const local = [Buffer.from('PK\x03\x04', 'latin1'), common, name, data]
    parts.push(...local)
    at += local.reduce((sum, { length }) => sum + length, 0)
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
