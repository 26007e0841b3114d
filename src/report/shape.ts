/**
 * Whether a value has the shape of a schema: for the words of JSON Schema that src/report/schema.ts uses, and no others, so
 * that reading a result needs no library at run time. A test compares it with one that knows all of them.
 */
type Schema = Readonly<Record<string, unknown>>

const checked = new Set(['type', 'enum', 'const', 'pattern', 'minimum', 'properties', 'required', 'additionalProperties', 'items'])
const words = new Set(['$schema', 'title', 'description'])

/**
 * The first thing that is wrong, with where; undefined when nothing is.
 * @throws Error for a schema with a word that it does not know: what is not checked must not look checked
 */
export function shapeProblem(schema: Schema, value: unknown, at = 'the result'): string | undefined {
  const unknown = Object.keys(schema).find(word => !checked.has(word) && !words.has(word))
  if (unknown !== undefined) throw new Error(`${at}: the schema has "${unknown}", which src/report/shape.ts does not check`)
  return plainProblem(schema, value, at) ?? itemsProblem(schema, value, at) ?? propertiesProblem(schema, value, at)
}

function plainProblem({ type, enum: values, const: only, pattern, minimum }: Schema, value: unknown, at: string): string | undefined {
  const received = `${at}: received ${shown(value)}`
  if (only !== undefined && value !== only) return `${received}, expected ${String(only)}`
  if (values !== undefined && !(values as unknown[]).includes(value)) return `${received}, expected one of ${(values as unknown[]).join(', ')}`
  if (type !== undefined && !isType(type, value)) return `${received}, expected ${String(type)}`
  if (pattern !== undefined && !new RegExp(pattern as string).test(value as string)) return `${received}, expected ${pattern as string}`
  if (minimum !== undefined && (value as number) < (minimum as number)) return `${received}, expected at least ${minimum as number}`
  return undefined
}

const isType = (type: unknown, value: unknown): boolean =>
  type === 'array' ? Array.isArray(value)
    : type === 'object' ? typeof value === 'object' && value !== null && !Array.isArray(value)
      : type === 'integer' ? Number.isSafeInteger(value)
        : typeof value === type

function itemsProblem({ items }: Schema, value: unknown, at: string): string | undefined {
  if (items === undefined) return undefined
  for (const [index, item] of (value as unknown[]).entries()) {
    const problem = shapeProblem(items as Schema, item, `${at}, ${index}`)
    if (problem !== undefined) return problem
  }
  return undefined
}

function propertiesProblem({ type, properties = {}, required = [], additionalProperties }: Schema, value: unknown, at: string): string | undefined {
  if (type !== 'object') return undefined
  const missing = (required as string[]).find(key => !Object.hasOwn(value as object, key))
  if (missing !== undefined) return `${at}: "${missing}" is missing`
  for (const [key, own] of Object.entries(value as object)) {
    const schema = Object.hasOwn(properties as object, key) ? (properties as Record<string, Schema>)[key]! : additionalProperties
    if (schema === false) return `${at}: "${key}" is not known`
    const problem = typeof schema === 'object' ? shapeProblem(schema as Schema, own, `${at}, ${key}`) : undefined
    if (problem !== undefined) return problem
  }
  return undefined
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
