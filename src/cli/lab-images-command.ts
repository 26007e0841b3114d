/** `proofbook lab images build | list | export | import | prune`. */
import { backendNamed } from '../lab/cluster/backends.ts'
import { cniNamed } from '../lab/cni/cnis.ts'
import { exportBundle } from '../lab/images/bundle/export.ts'
import { importBundle } from '../lab/images/bundle/import.ts'
import { ensureImages } from '../lab/images/ensure.ts'
import { findParts, type Found } from '../lab/images/parts.ts'
import { prune as pruneAll } from '../lab/images/prune.ts'
import { setup } from '../lab/setup.ts'
import { confirm } from './ask.ts'
import { interruptible } from './interrupt.ts'
import { columns, print, printJson } from './output.ts'
import { createProgress } from './progress.ts'
import { canAsk } from './terminal.ts'

export interface JsonFlag {
  readonly json?: boolean
}

export interface BuildFlags extends JsonFlag {
  readonly target: string
  readonly cni: string
  readonly ciliumVersion?: string
  readonly haproxyVersion?: string
  readonly yes?: boolean
}

export interface ExportFlags extends JsonFlag {
  readonly only?: readonly string[]
}

export async function build({ target, cni, ciliumVersion, haproxyVersion, yes, json }: BuildFlags): Promise<void> {
  const options = {
    target: backendNamed(target).name,
    ...cni === 'any' ? {} : { cni: cniNamed(cni).name },
    ...ciliumVersion === undefined ? {} : { ciliumVersion },
    ...haproxyVersion === undefined ? {} : { haproxyVersion },
  }
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  await setup(screen, {
    yes: yes === true || Boolean(process.env.CI),
    ...canAsk() ? { confirm: (text: string) => confirm(text, signal) } : {},
    ...options,
    signal,
  })
  const { records, ...parts } = await ensureImages(screen, { ...options, signal })
  if (json) return printJson('lab images build', { parts, records })
  print(columns(records.map(({ name, version, supply, id }) => [name, version, supply, short(id)])))
}

export async function list({ json }: JsonFlag): Promise<void> {
  const parts = await findParts()
  if (json) return printJson('lab images list', { parts })
  print(table(parts.filter(({ present, supply }) => present || supply !== 'pulled')))
}

export async function exportTo(file: string, { only, json }: ExportFlags): Promise<void> {
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { parts, size } = await exportBundle(file, screen, { signal: interrupt.signal, ...only === undefined ? {} : { only } })
  if (json) return printJson('lab images export', { file, size, parts })
  print(`${table(parts)}\n${file}: ${megabytes(size)}`)
}

export async function importFrom(file: string, { json }: JsonFlag): Promise<void> {
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { images, programs } = await importBundle(file, screen, interrupt.signal)
  if (json) return printJson('lab images import', { file, images, programs })
  print(columns([...images.map(({ name, ref }) => [name, ref]), ...programs.map(({ name, product }) => [name, product])]))
}

export async function prune({ json }: JsonFlag): Promise<void> {
  const pruned = await createProgress().stage('remove what earlier recipes left', pruneAll)
  if (json) return printJson('lab images prune', { pruned })
  if (pruned.length === 0) return print('nothing to remove')
  print(columns(pruned.map(({ name, size, kept }) => [name, kept === undefined ? 'removed' : `kept: ${kept}`, size === undefined ? '' : megabytes(size)])))
}

const table = (parts: readonly Found[]): string => columns([
  ['PART', 'VERSION', 'SUPPLY', 'SIZE', 'ID', 'IS'],
  ...parts.map(({ name, version, supply, size, id, present, ref }) =>
    [name, version, supply, size === undefined ? '' : megabytes(size), id === undefined ? '' : short(id), present ? `here: ${ref}` : 'not here']),
])

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12)
