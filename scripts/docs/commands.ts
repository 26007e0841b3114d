/** The command line as Commander knows it. */
import type { Command, Option } from 'commander'
import { exitCodeMeanings } from '../../src/cli/exit-codes.ts'
import { createProgram } from '../../src/cli/program.ts'
import { table } from './regions.ts'

/** Commands that do something, with the words that lead to them: `lab up`. */
function leaves(command: Command, before: readonly string[] = []): { readonly command: Command, readonly words: readonly string[] }[] {
  const words = [...before, command.name()]
  return command.commands.length === 0 ? [{ command, words }] : command.commands.flatMap((sub) => leaves(sub, words))
}

const program = await createProgram()
const all = () => program.commands.flatMap((command) => leaves(command))

function usageOf(words: readonly string[], command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name().toUpperCase()}${argument.variadic ? '...' : ''}`
    return argument.required ? name : `[${name}]`
  })
  return ['proofbook', ...words, ...args].join(' ')
}

/** A line for each command. */
export function commandTable(): string {
  return table(['Command', 'It does'], all().map(({ command, words }) => [`\`${usageOf(words, command)}\``, sentence(command.description())]))
}

/** A section for each command: what it does, its arguments, its options. */
export function commandOptions(): string {
  return all().map(({ command, words }) => {
    const args = command.registeredArguments.map((argument) => [`\`${argument.name().toUpperCase()}\``, sentence(argument.description)])
    const options = command.options.filter((option) => !option.hidden).map((option) => [`\`${option.flags}\``, describe(option)])
    return [
      `### ${words.join(' ')}`, '', `\`${usageOf(words, command)}\``, '', `${sentence(command.description())}.`, '',
      table(['Option', 'It does'], [...args, ...options]), '',
    ].join('\n')
  }).join('\n')
}

function describe({ description, defaultValue, argChoices }: Option): string {
  const fallback = typeof defaultValue === 'string' ? `; \`${defaultValue}\` when not given` : ''
  const choices = argChoices === undefined ? '' : `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`
  return `${sentence(description)}${choices}${fallback}`
}

export function exitCodes(): string {
  return table(['Code', 'It means'], Object.entries(exitCodeMeanings).map(([code, means]) => [code, means]))
}

/** A first letter in upper case, and nothing that MDX would read as a tag or an expression. */
const sentence = (text: string): string => (text.charAt(0).toUpperCase() + text.slice(1)).replace(/[<{]/g, '\\$&')
