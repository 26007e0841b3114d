/** What measures, brought into nodes: iperf3 of this machine or of Debian, and a small client of our own. */
import { cp, mkdir, readdir } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { compile } from '../../../src/lab/images/go-build.ts'
import { product, type Context } from '../../../src/lab/images/product.ts'
import { ask, run } from '../../../src/lab/images/run.ts'
import { iperfVersion, libraries } from './read.ts'

/** Where the programs are in a node. */
export const FOLDER = '/opt/proofbook-bench'
/** By the machine's own loader and libraries: a node's Debian may be another one. */
export const IPERF3 = `${FOLDER}/lib/loader --library-path ${FOLDER}/lib ${FOLDER}/iperf3`
export const CLIENT = `${FOLDER}/client`

const PACKAGES = ['iperf3', 'libiperf0', 'libsctp1']
const source = join(import.meta.dirname, 'client')
const recipe = ['main.go', 'go.mod'].map(name => readFileSync(join(source, name), 'utf8'))

const client = product('bench-client', recipe, [], async (folder, _, context) => {
  await cp(source, join(folder, 'source'), { recursive: true })
  await compile(context, 'build the client of the benchmark', join(folder, 'source'), folder, { commands: ['.'] })
})

/** Fills `folder` with what nodes get, and tells iperf3's version. @throws Error with what to install */
export async function gather(folder: string, context: Context): Promise<string> {
  const library = join(folder, 'lib')
  await mkdir(library, { recursive: true })
  await cp(join(await client.make(context), 'client'), join(folder, 'client'))
  const { program, path } = await iperf3(`${folder}-debian`, context)
  await cp(program, join(folder, 'iperf3'))
  const { files, loader, missing } = libraries(await run(['ldd', program], { env: { LD_LIBRARY_PATH: path } }))
  if (missing.length > 0 || loader === undefined) throw new Error(`iperf3 lacks ${missing.join(', ') || 'a loader'}. ${INSTALL}`)
  for (const file of files) await cp(file, join(library, basename(file)), { dereference: true })
  await cp(loader, join(library, 'loader'), { dereference: true })
  return iperfVersion(await run([program, '--version'], { env: { LD_LIBRARY_PATH: path } }))
}

const INSTALL = 'Try: sudo apt-get install iperf3'

/** That of this machine, else that of its Debian, which only unpacks: nothing is installed. */
async function iperf3(folder: string, { progress, signal }: Context): Promise<{ readonly program: string, readonly path: string }> {
  const there = await ask(['sh', '-c', 'command -v iperf3'], { signal })
  if (there !== undefined) return { program: there.trim(), path: '' }
  await mkdir(folder, { recursive: true })
  const fetched = await progress.stage('fetch iperf3 from this machine\'s Debian', () => ask(['apt-get', 'download', ...PACKAGES], { cwd: folder, signal }))
    .catch((error: unknown) => { signal.throwIfAborted(); throw new Error(`iperf3 is not on this machine, and neither is apt-get. ${INSTALL}`, { cause: error }) })
  if (fetched === undefined) throw new Error(`iperf3 is not on this machine, and apt-get could not fetch ${PACKAGES.join(', ')}. ${INSTALL}`)
  const packages = (await readdir(folder)).filter(name => name.endsWith('.deb'))
  for (const name of packages) await run(['dpkg-deb', '--extract', join(folder, name), folder], { signal })
  const lib = await run(['sh', '-c', `dirname "$(find '${folder}' -name 'libiperf.so.0' | head -n 1)"`], { signal })
  return { program: join(folder, 'usr/bin/iperf3'), path: lib.trim() }
}

