/**
 * Loaded before the command line (node --import): kills it with SIGKILL at one moment of one write to its journal.
 * CRASH_AT=MOMENT:SEQ, where MOMENT is
 *   before   nothing of the line is written
 *   torn     half of the line is written
 *   written  the line is written, its flush not asked for
 *   synced   the line is written and flushed
 *   during   the line is written, and then the file `began` has appeared in the working folder
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [moment, seq] = process.env.CRASH_AT.split(':')
const journals = new Set()
const real = { openSync: fs.openSync, writeSync: fs.writeSync, fdatasync: fs.fdatasync }
const die = () => process.kill(process.pid, 'SIGKILL')
let written = false

fs.openSync = (path, ...rest) => {
  const fd = real.openSync(path, ...rest)
  if (String(path).endsWith('journal.jsonl')) journals.add(fd)
  return fd
}

fs.writeSync = (fd, bytes, ...rest) => {
  // Zeros are written ahead of lines.
  if (!journals.has(fd) || bytes[0] === 0 || JSON.parse(bytes.toString()).seq !== Number(seq)) return real.writeSync(fd, bytes, ...rest)
  if (moment === 'before') die()
  if (moment === 'torn') {
    real.writeSync(fd, bytes, 0, bytes.length >> 1, rest[2])
    die()
  }
  const count = real.writeSync(fd, bytes, ...rest)
  if (moment === 'written') die()
  if (moment === 'during') setInterval(() => { if (fs.existsSync('began')) die() }, 5)
  written = true
  return count
}

fs.fdatasync = (fd, done) => real.fdatasync(fd, error => {
  if (moment === 'synced' && written && journals.has(fd)) die()
  done(error)
})

syncBuiltinESMExports()
