/** Files with one line of JSON each that a status is made from: what is committed, and what this clone found out since. */
import { delimiter, join } from 'node:path'

/** @param variable of the environment that names other files, separated as in PATH; tests use it */
export async function linesOf<Line>(name: string, variable: string, read: (file: string) => Promise<Line[]>): Promise<Line[]> {
  const files = process.env[variable]?.split(delimiter) ?? ['src/content', '.proofbook'].map(folder => join(folder, name))
  return (await Promise.all(files.map(file => read(file)))).flat()
}
