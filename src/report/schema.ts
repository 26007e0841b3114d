/** The published form of a result: JSON Schema (2020-12) of what `verify` writes. Each change of meaning raises RESULT_SCHEMA. */
import { RESULT_SCHEMA } from './result.ts'

type Schema = Readonly<Record<string, unknown>>

const text = (description?: string): Schema => ({ type: 'string', ...description === undefined ? {} : { description } })
const words = (values: readonly string[], description?: string): Schema => ({ enum: values, ...description === undefined ? {} : { description } })
const count = (description?: string): Schema => ({ type: 'integer', minimum: 0, ...description === undefined ? {} : { description } })
const moment: Schema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$', description: 'UTC' }
const list = (items: Schema, description?: string): Schema => ({ type: 'array', items, ...description === undefined ? {} : { description } })
const names = (description: string): Schema => ({ type: 'object', additionalProperties: { type: 'string' }, description })

function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter(key => !optional.includes(key)), additionalProperties: false }
}

const kind = words(['precheck', 'step', 'check', 'rollback', 'cleanup', 'drill', 'skip'])

const block = object({
  kind, name: text(), host: text('On which it ran, or the role that it names where it did not'),
  line: count('Of the fence in the page, from 1'),
  phase: words(['precheck', 'steps', 'second-pass', 'rollback', 'after-rollback', 'cleanup']),
  status: words(['ok', 'failed', 'skipped', 'not-run']),
  reason: text('Why it was skipped or not run'),
  exit: { type: 'integer', description: 'Exit code' },
  attempts: count('Tries of a polled check'),
  startedAt: moment, durationMs: count(),
  transcript: text('What it printed, at most 64 KiB; the middle is cut and says so'),
  sent: text('What was sent, where values made it differ from the page'),
  captured: object({ name: text(), value: text() }),
}, ['reason', 'exit', 'sent', 'captured'])

const failure = object({
  host: text(), kind, name: text(), line: count(), message: text(), received: text(), expected: text(),
  tail: text('Last lines that it printed'), hint: text(),
}, ['hint'])

const image = object({
  name: text(), version: text(), id: text('Digest or image id'),
  supply: words(['pulled', 'archive', 'built', 'stand-in'], 'built: our own build, not upstream\'s bytes; stand-in: something else in its place'),
  note: text(),
}, ['note'])

const way = object({ sent: count(), failed: count(), downtimeMs: count('All outages together'), longestGapMs: count() })

const flow = object({
  flow: text(), from: text('Host of the lab'), budget: text('As the page declares it'),
  there: way, back: way,
  outages: list(object({
    atMs: count('After the measurement began'), durationMs: count(),
    why: text('What became of most of the questions; `gone` where nobody was there to ask'),
    during: object({ kind, name: text(), host: text(), line: count() }),
  }, ['during']), 'The longest; those less than a second apart are one'),
  bins: text('One character each `binMs`: `.` all answered, `1` to `9` tenths that failed, `x` none answered, `-` nobody asked'),
}, ['budget', 'back'])

const traffic = object({
  startedAt: moment, durationMs: count(), perSecond: count('Questions of one flow from one place'),
  backAtMs: count('When the way back began'), binMs: count(), flows: list(flow),
}, ['backAtMs'])

export function resultSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Result of a Proofbook runbook on one target',
    ...object({
      schema: { const: RESULT_SCHEMA },
      proofbook: text('Version of Proofbook'),
      runbook: text('Its id'), title: text(), target: text('kind, k3d or hosts'),
      source: object({ path: text(), sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
      verdict: words(['verified', 'flaky', 'stand-in', 'failed', 'infrastructure-error', 'not-run'],
        'verified: all of it held, at once, and nothing was left behind; only this is green'),
      standIn: text('What stood in for the target: such a result never counts'),
      egress: text('`open` where packets of the lab could leave the machine'),
      reason: text('For every verdict but verified'),
      startedAt: moment, finishedAt: moment, durationMs: count(),
      verifiedForMs: count('How long the page says that a verification counts'),
      values: names('Of the page\'s variables'), versions: names('Read from what ran'),
      images: list(image), topology: text(), cni: text(),
      retries: count('Runs before this one that did not hold'),
      blocks: list(block),
      leftBehind: list(text(), 'Facts that differ between before and after: "- before", "+ after"'),
      secondPass: list(text(), 'Of an idempotent page: facts that its second pass changed'),
      failure,
      traffic,
      controls: list(object({ check: text(), host: text(), line: count(), failed: { type: 'boolean' } }),
        'Checks asked once before the first step: whether they failed then'),
      diagnostics: list(text(), 'After a failure: files relative to the run\'s folder'),
      origin: object({ run: text('Address of the workflow\'s run'), commit: text('That was checked out') }),
      digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$', description: 'SHA-256 over the canonical JSON (RFC 8785) of all the rest' },
    }, ['standIn', 'egress', 'reason', 'secondPass', 'failure', 'traffic', 'controls', 'diagnostics', 'origin', 'digest']),
  }
}
