import type { Gate } from '../gate.ts'
import { bashSyntax } from './bash-syntax.ts'
import { forbidden } from './forbidden.ts'
import { links } from './links.ts'
import { mermaidSyntax } from './mermaid-syntax.ts'
import { negation } from './negation.ts'
import { requires } from './requires.ts'
import { secrets } from './secrets.ts'
import { shellVariables } from './shell-variables.ts'
import { shellcheck } from './shellcheck.ts'
import { yamlSyntax } from './yaml-syntax.ts'

/** What is looked at in a page that parsed. Register a gate here. */
export const gates: readonly Gate[] = [
  bashSyntax, shellcheck, shellVariables, negation, yamlSyntax, mermaidSyntax, links, requires, forbidden, secrets,
]

/** What the parser refuses by itself: a page with one of these is no runbook. For the reference page. */
export const refusedByTheParser: readonly (readonly [name: string, refuses: string])[] = [
  ['unknown key', 'a word of a fence or a key of the frontmatter that does not exist, with the one that may be meant'],
  ['uncovered block', 'a fence of shell, YAML or configuration that does not say what it is'],
  ['missing rollback', 'a step that neither has a rollback nor says why not'],
  ['undeclared value', '`{{name}}` that is no variable and that no block above has printed; a variable that nothing uses'],
  ['needs', 'a block that needs one which does not exist, comes later or needs it in turn'],
]
