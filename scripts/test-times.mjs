/** A reporter of Vitest: how long each file took with its hooks, which its own JSON report leaves out. Labs come up in hooks. */
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from './bootstrap.mjs'

/** By path from the root, in milliseconds. */
export const timesFile = `${root}/.proofbook/test-times.json`

export default class {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd (modules) {
    writeFileSync(timesFile, JSON.stringify(Object.fromEntries(modules.map(module => [relative(root, module.moduleId), module.diagnostic().duration]))))
  }
}
