/** `variables:` of the frontmatter. */
import { isMap, isScalar, isSeq, type Node as YamlNode, type Pair } from 'yaml'
import { environmentName } from './environment-name.ts'
import { shown, written, type Field } from './field.ts'
import { matchers } from './matchers.ts'
import type { Position, Variable, VariableType } from './model.ts'
import { NAME } from './placeholders.ts'
import { didYouMean, listed } from './suggest.ts'
import { ENUM_VALUE, validate, variableTypes } from './validate.ts'

const keys = ['type', 'default', 'label', 'values'] as const
type Entry = Pair<YamlNode, YamlNode | null>

/** The declared variables, in page order; what is wrong with one is reported. */
export function readVariables(field: Field): readonly Variable[] | undefined {
  if (!isMap(field.node)) return field.wrong('a map such as { vip: { type: ipv4, default: 192.168.0.45 } }')
  const variables: Variable[] = []
  for (const { key, value } of field.node.items as Entry[]) {
    const variable = readVariable(field, key, value) ?? unusable(written(key) ?? '', field.place(key).position)
    const twin = variables.find(({ name }) => environmentName(name) === environmentName(variable.name))
    if (twin === undefined) variables.push(variable)
    else {
      const message = `variables "${twin.name}" and "${variable.name}" share the name ${environmentName(twin.name)}`
      field.report({ ...field.place(key), message, received: `"${variable.name}"`,
        expected: 'a name that differs by more than - and _' })
    }
  }
  return variables
}

/** Stands for a declaration that was reported, so that its uses are not reported as undeclared. */
function unusable(name: string, position: Position): Variable {
  return { name, type: 'name', label: name, default: '', position }
}

function readVariable(field: Field, key: YamlNode, node: YamlNode | null): Variable | undefined {
  const name = written(key) ?? ''
  const wrong = (at: unknown, message: string, received: string, expected: string) => {
    field.report({ ...field.place(at), message, received, expected })
    return undefined
  }
  if (!NAME.test(name)) {
    return wrong(key, 'bad name of a variable', `"${name}"`, 'lower-case letters, digits, - and _, a letter first')
  }
  if (Object.hasOwn(matchers, name)) {
    return wrong(key, `variable "${name}" has the name of an output matcher`, `"${name}"`,
      `any name but ${listed(Object.keys(matchers))}`)
  }
  if (!isMap(node)) {
    return wrong(node?.range ? node : key, `variable "${name}" is not declared as a map`, shown(node),
      '{ type, default, label }')
  }

  const given = new Map((node.items as Entry[]).map((pair) => [written(pair.key) ?? '', pair]))
  for (const [word, pair] of given) {
    if (!(keys as readonly string[]).includes(word)) {
      wrong(pair.key, `unknown key "${word}" of variable "${name}"${didYouMean(word, keys)}`, `"${word}"`, listed(keys))
    }
  }
  const type = written(given.get('type')?.value)
  if (type === undefined || !(variableTypes as readonly string[]).includes(type)) {
    return wrong(given.get('type')?.value ?? key,
      `variable "${name}" has no known type${didYouMean(type ?? '', variableTypes)}`,
      type === undefined ? 'no type' : `"${type}"`, listed(variableTypes))
  }
  const list = given.get('values')?.value
  const values = isSeq(list) ? list.items.map((item) => written(item) ?? '') : undefined
  const usable = values !== undefined && values.length > 0 && values.every((value) => ENUM_VALUE.test(value))
  if (type === 'enum' && !usable) {
    return wrong(list ?? key, `enum "${name}" lists no values that can be used`, shown(list),
      'values: [a, b], each of letters, digits, dots, - and _')
  }
  if (type !== 'enum' && list !== undefined) {
    return wrong(list, `variable "${name}" lists values`, 'values', 'values on an enum only')
  }

  const label = given.get('label')?.value
  if (label !== undefined && !(isScalar(label) && typeof label.value === 'string' && label.value.trim() !== '')) {
    return wrong(label ?? key, `bad label of variable "${name}"`, shown(label), 'text')
  }
  const preset = given.get('default')?.value
  const declared = { name, type: type as VariableType, label: written(label) ?? name, position: field.place(key).position }
  if (type === 'secret') {
    if (!given.has('default')) return { ...declared, default: '' }
    return wrong(preset ?? key, `secret "${name}" has a default`, 'a value that everybody can read in the page',
      'no default: a lab makes one up, a reader brings their own')
  }
  const value = written(preset)
  if (value === undefined) {
    return wrong(preset ?? key, `variable "${name}" has no default`, shown(preset), 'the value that the lab uses')
  }
  const expected = validate(value, type as VariableType, values)
  if (expected !== undefined) return wrong(preset, `bad default of variable "${name}"`, JSON.stringify(value), expected)
  return { ...declared, default: value, ...(values ? { values } : {}) }
}
