/**
 * The manifests live as YAML files beside this module in `src`, in the package too: `src/lab/workloads` is three
 * folders below the package's root both as source and compiled.
 */
import { readFileSync } from 'node:fs'

const folder = new URL('../../../src/lab/workloads/', import.meta.url)

/** Text of a manifest with `${NAME}` filled in; Kubernetes' own `$(NAME)` is not touched. */
export function manifest(name: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8')
  return text.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => {
    const value = values[key]
    if (value === undefined) throw new Error(`manifest ${name}: no value for \${${key}}`)
    return value
  })
}
