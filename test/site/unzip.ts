import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'

// Its workers would outlive a test.
configure({ useWebWorkers: false })

/** The files of an archive, read by another library than the one that writes it. @throws where one is not what its sum says */
export async function unzipped(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const reader = new ZipReader(new Uint8ArrayReader(archive), { checkSignature: true })
  const files = new Map<string, Buffer>()
  for await (const entry of reader.getEntriesGenerator()) {
    if (!entry.directory) files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())))
  }
  return files
}
