/**
 * What a value of each type may be. Every accepted value is inert where it lands: one word in bash, a plain scalar in
 * YAML, one word in ini and HAProxy configurations. It starts with a letter or a digit, so it is never an option, and
 * holds no space, quote, `$`, `#`, glob or brace.
 */
import { isIPv4 } from 'node:net'
import type { VariableType } from './model.ts'
import { isStringInYaml, isTimeInYaml } from './plain-word.ts'

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

interface Rule {
  /** Completes "expected". */
  readonly form: string
  /** One value that is accepted. */
  readonly example: string
  readonly accepts: (value: string) => boolean
}

const rules: Readonly<Record<Exclude<VariableType, 'enum'>, Rule>> = {
  ipv4: { form: 'an IPv4 address such as 192.168.0.45', example: '192.168.0.45', accepts: isIPv4 },
  cidr: { form: 'an IPv4 network such as 10.42.0.0/16, host bits zero', example: '10.42.0.0/16', accepts: isNetwork },
  hostname: {
    form: 'a host name (RFC 1123) such as api.example.org',
    example: 'api.example.org',
    accepts: (value) => value.length <= 253 && value.split('.').every((label) => LABEL.test(label))
      && !/^[0-9]+$/.test(value.split('.').at(-1)!) && isStringInYaml(value),
  },
  port: {
    form: 'a port, 1 to 65535',
    example: '6443',
    accepts: (value) => /^[1-9][0-9]{0,4}$/.test(value) && Number(value) <= 65535,
  },
  interface: {
    form: 'the name of a network interface such as enp1s0, at most 15 characters',
    example: 'enp1s0',
    accepts: (value) => value.length <= 15 && /^[A-Za-z0-9](?:[A-Za-z0-9._@:-]*[A-Za-z0-9])?$/.test(value)
      && isStringInYaml(value),
  },
  name: {
    form: 'a name of lower-case letters, digits and hyphens such as node-1, at most 63 characters',
    example: 'node-1',
    accepts: (value) => LABEL.test(value) && value === value.toLowerCase() && isStringInYaml(value),
  },
  version: {
    form: 'a version such as 1.19.7 or v1.36.4+k3s1',
    example: '1.19.7',
    accepts: (value) => value.length <= 64
      && /^v?[0-9]+(?:\.[0-9A-Za-z]+)*(?:[-+][0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)*$/.test(value) && !isTimeInYaml(value),
  },
  int: {
    form: 'a whole number of at most 15 digits such as 3',
    example: '3',
    accepts: (value) => /^(?:0|[1-9][0-9]{0,14})$/.test(value),
  },
  secret: {
    // Shorter ones cannot be told from other text, and so not be masked.
    form: 'a secret of 8 to 1024 characters: letters, digits and . _ + / = @ : - with a letter or digit first',
    example: 'Zm9vYmFyYmF6',
    accepts: (value) => value.length >= 8 && value.length <= 1024
      && /^[A-Za-z0-9][A-Za-z0-9._+/=@:-]*[A-Za-z0-9_+/=-]$/.test(value) && isStringInYaml(value),
  },
}

export const variableTypes = [...Object.keys(rules), 'enum'] as readonly VariableType[]

/** What an enum may list, and so what a value of it may be. */
export const ENUM_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

/** A value of that type, to read a page with where the real one is not known yet. */
export function exampleOf(type: Exclude<VariableType, 'enum'>): string {
  return rules[type].example
}

/** What a value of that type is, in words. */
export function ruleForm(type: Exclude<VariableType, 'enum'>): string {
  return rules[type].form
}

/** What was expected when `value` is not of that type; undefined when it is. `values` are those of an enum. */
export function validate(value: string, type: VariableType, values: readonly string[] = []): string | undefined {
  if (type === 'enum') {
    return values.includes(value) && ENUM_VALUE.test(value) && !isTimeInYaml(value) ? undefined : `one of ${values.join(', ')}`
  }
  return rules[type].accepts(value) ? undefined : rules[type].form
}

function isNetwork(value: string): boolean {
  const [, address, digits] = /^([0-9.]+)\/(0|[1-9][0-9]?)$/.exec(value) ?? []
  if (address === undefined || !isIPv4(address) || Number(digits) > 32) return false
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return bits % 2 ** (32 - Number(digits)) === 0
}
