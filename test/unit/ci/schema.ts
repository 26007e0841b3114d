/** JSON Schemas of files that GitHub and GitLab read, pinned by their digests (test/fixtures/schemas). */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

/** As check-jsonschema 0.39.0 records them. */
export const digests = {
  'github-workflows': 'd10c9f4656e1bd5bc6727e9b35080e017dc167154726fca93da33c7a6bd1c4f3',
  'github-actions': '224326cc5a334bdb97b56b6fc320cd4381ba7d61b477b425ed506e6a420b52ba',
  'github-issue-forms': 'c2722dbf00334ce4fdeffa960b8c9047caf4f1cbb8f3809663f4d604b1d3ae76',
  'dependabot': 'f310bfb4960eea6a5fb7d75de54ab49ba36f947757c8f4d5de88d3ea8ac51d3f',
  'gitlab-ci': '1c6eeb7d3a34c39996afbfe1ade220480eb05bbeae674e86d3c745dfeeded7fd',
}

export type SchemaName = keyof typeof digests

const textOf = (name: SchemaName): string => readFileSync(new URL(`../../fixtures/schemas/${name}.json`, import.meta.url), 'utf8')

export const digestOf = (name: SchemaName): string => createHash('sha256').update(textOf(name)).digest('hex')

// Not strict: their authors use words that only editors read.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false })

/** What the schema does not take of a value; empty when it takes it. */
export function complaints(name: SchemaName, value: unknown): string[] {
  const validate = ajv.getSchema(name) ?? ajv.addSchema({ ...JSON.parse(textOf(name)) as object, $id: name }).getSchema(name)!
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`)
}
