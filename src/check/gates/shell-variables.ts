import type { Block, Diagnostic } from '../../runbook/model.ts'
import { expansionsOf, namesSetIn } from '../bash/expansions.ts'
import { bashBlocks } from '../bash/scripts.ts'
import { pageGate, placeOf, type Page } from '../gate.ts'

/** What bash, the login or Proofbook sets. */
const GIVEN = /^(?:HOME|USER|LOGNAME|PATH|PWD|OLDPWD|SHELL|TERM|LANG|LC_[A-Z]+|TMPDIR|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE|UID|EUID|PPID|RANDOM|SRANDOM|SECONDS|LINENO|IFS|REPLY|PIPESTATUS|FUNCNAME|EPOCHSECONDS|EPOCHREALTIME|OPTARG|OPTIND|COLUMNS|LINES|DEBIAN_FRONTEND|COPROC|COPROC_PID|MAPFILE|BASH\w*|XDG_\w+|PROOFBOOK_\w+|SSH_\w+|SUDO_\w+|KUBECONFIG)$/

/** Commands to which a value that is split, empty or a pattern does harm. */
const HARMFUL = /^(?:\s*(?:sudo\s+)?(?:rm|mv|cp|chmod|chown|dd|mkfs\S*|ln|tee|truncate|shred|rmdir|install)\s)/

/**
 * Each block is a process of its own: what one sets, the next does not have. And what bash splits must not be what a
 * command removes or writes over.
 */
export const shellVariables = pageGate({
  name: 'shell variables',
  refuses: '`$name` that nothing in the block sets, and one without quotes in a command that removes, moves or overwrites',
  look: (page) => bashBlocks(page).flatMap((block) => faultsOf(block, page)),
})

function faultsOf(block: Block, { runbook: { path, blocks }, lines }: Page): Diagnostic[] {
  const uses = expansionsOf(block.text)
  if (uses.length === 0) return []
  const set = namesSetIn(block.text)
  const reported = new Set<string>()
  return uses.flatMap(({ name, at, length, whole, guarded }) => {
    const before = block.text.slice(0, at)
    const row = before.split('\n').length - 1
    const lineStart = before.lastIndexOf('\n') + 1
    const { position } = placeOf(block, lines, row, at - lineStart + 2)
    const diagnostic = { path, position: { ...position, column: position.column - 1 }, length, received: `$${name}` }
    if (!set.has(name) && !guarded && !GIVEN.test(name)) {
      if (reported.has(name)) return []
      reported.add(name)
      const setter = blocks.find((other) => other !== block && other.action.type === 'bash' && namesSetIn(other.text).has(name))
      return [{ ...diagnostic, message: `${block.kind} "${block.name}" uses $${name}, which nothing in it sets`,
        expected: setter === undefined ? `an assignment in the block, {{${name}}} of the page, or \${${name}:-}`
          : `an assignment here: ${setter.kind} "${setter.name}" sets it, in a process of its own; capture=NAME:TYPE hands a value on` }]
    }
    const command = block.text.slice(lineStart, at).split(/[;&|(]|\b(?:then|do|else)\b/).at(-1)!
    if (whole || !HARMFUL.test(command)) return []
    return [{ ...diagnostic, message: `$${name} without quotes in ${block.kind} "${block.name}"`, expected: `"$${name}": bash splits and expands what is not quoted` }]
  })
}
