/** The command line of a night. */
import { parseArgs } from 'node:util'

export interface NightOptions {
  readonly ids: readonly string[]
  /** Words for `matrix` and each `verify` alike. */
  readonly axes: readonly string[]
  readonly shards: string
  readonly retries: string
  /** Each shard's lab is named after it. */
  readonly lab: string
  readonly output: string
  readonly site: boolean
}

/** @throws TypeError of node:util, naming an option that there is none of */
export function readOptions(args: readonly string[]): NightOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'on': { type: 'string', default: 'kind' },
      'cni': { type: 'string' },
      'cilium-version': { type: 'string' },
      'haproxy-version': { type: 'string' },
      'shards': { type: 'string', default: '2' },
      'retries': { type: 'string', default: '1' },
      'lab': { type: 'string', default: 'night' },
      'output': { type: 'string', default: '.proofbook/night' },
      'no-site': { type: 'boolean', default: false },
    },
  })
  return {
    ids: positionals,
    axes: (['on', 'cni', 'cilium-version', 'haproxy-version'] as const).flatMap(name => {
      const value = values[name]
      return value === undefined ? [] : [`--${name}`, value]
    }),
    shards: values.shards, retries: values.retries, lab: values.lab, output: values.output, site: !values['no-site'],
  }
}
