/** The pages about Proofbook say what the code does: every word that exists, and none that does not. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { keyRules } from '../../src/runbook/grammar.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { topologies } from '../../src/runbook/topologies.ts'
import { parseInventory } from '../../src/target/hosts/inventory-file.ts'

const read = (name: string): string => readFileSync(`src/content/docs/${name}.mdx`, 'utf8')

/** Code in the first column of the tables below a heading. */
const firstColumn = (text: string, heading: string): string[] => {
  const section = text.split(/^## /m).find(part => part.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`no section "${heading}"`)
  return [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!))
}

test('fences: every host is explained', () => {
  const text = read('write/fences')
  const words = Object.values(keyRules).map(({ usage }) => usage)
  const hosts = firstColumn(text, 'Where it runs').filter(code => !words.includes(code))
  expect(new Set(hosts)).toEqual(new Set(Object.values(topologies).flat()))
})

test('no page names a command that does not exist', async () => {
  const named = [...read('write/commands').matchAll(/`proofbook ([a-z]+)/g)].map(([, name]) => name!)
  expect(new Set(named)).toEqual(new Set((await createProgram()).commands.map(command => command.name())))
})

test('no page shows an option that the command line does not have', async () => {
  const program = await createProgram()
  for (const page of ['index', 'prove', 'run', 'safety', 'write/runbook', 'write/commands', 'write/results', 'write/ci']) {
    for (const [line, name, rest] of read(page).matchAll(/npx proofbook ([a-z]+)(.*)$/gm)) {
      const command = program.commands.find(candidate => candidate.name() === name)
      expect(command, line).toBeDefined()
      for (const [option] of rest!.matchAll(/--[a-z-]+/g)) {
        expect([command!, ...command!.commands].flatMap(({ options }) => options.map(({ long }) => long)), line).toContain(option)
      }
    }
  }
})

test('the inventory on the page is one', () => {
  const [, sample = ''] = /## Your hosts[\s\S]*?```yaml\n([\s\S]*?)```/.exec(read('run')) ?? []
  const { context, hosts } = parseInventory('hosts.yaml', sample)
  expect(context).toBe('home')
  expect(hosts.map(({ name }) => name)).toEqual(['lb', 's1', 's2', 's3', 'workstation'])
})

test('the smallest page is a runbook', () => {
  const [, sample = ''] = /````mdx\n([\s\S]*?)````/.exec(read('write/runbook')) ?? []
  const { runbook, diagnostics } = parseRunbook(sample, { id: 'x', path: 'x.mdx' })
  expect(diagnostics).toEqual([])
  expect(runbook?.blocks.map(({ kind }) => kind)).toEqual(['precheck', 'step', 'rollback', 'check'])
})

test('the voice: no page says "simply" or "just"', () => {
  const words = /\b(?:simply|just|easily|obviously)\b/i
  for (const page of ['index', 'prove', 'run', 'safety', 'status', 'choose/cni', 'choose/load-balancer', 'reference/ports', 'troubleshooting', 'write/runbook', 'write/fences', 'write/values', 'write/commands', 'write/results', 'write/ci']) {
    expect(words.exec(read(page))?.[0], page).toBeUndefined()
  }
  expect(words.test('You simply run it.')).toBe(true)
})
