/** From facts to actions: what set-up has to do here, in order. */
import { inotifySuffices } from '../doctor/kernel.ts'
import type { Action } from './action.ts'
import { startEngine } from './engine.ts'
import type { SetupFacts } from './facts.ts'
import { raiseInotify } from './inotify.ts'
import { installPackages, missingPackages } from './packages.ts'
import { fitRuntime } from './runtime.ts'
import { fetchGo } from './toolchain.ts'

export function plan(facts: SetupFacts): Action[] {
  const { machine, docker, tools, kernel, builds } = facts
  const packages = missingPackages(facts)
  return [
    // before the engine starts, and before its package starts it
    ...docker.lacksSysResource && !docker.fitted ? [fitRuntime] : [],
    ...packages.length > 0 ? [installPackages(packages)] : [],
    ...docker.engine === undefined ? [startEngine(machine.systemd)] : [],
    ...builds?.go === true && tools.go === undefined ? [fetchGo] : [],
    ...inotifySuffices(kernel.inotify) ? [] : [raiseInotify],
  ]
}
