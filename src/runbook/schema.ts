/** What an editor needs to complete and to judge the frontmatter of a page. */
import { fields, required, starlightKeys, type Schema } from './fields.ts'

/** JSON Schema (2020-12) of the frontmatter. What it refuses, `check` refuses too; `check` sees more. */
export function frontmatterSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Frontmatter of a Proofbook runbook',
    type: 'object',
    properties: {
      ...Object.fromEntries(Object.entries(fields).map(([key, { schema, means }]) =>
        [key, { ...schema, description: means.replace(/`|\\/g, '') }])),
      ...Object.fromEntries(starlightKeys.map((key) => [key, { description: 'Read by Starlight' }])),
    },
    required: [...required],
    additionalProperties: false,
  }
}
