import type { Command } from 'commander'

/** Adds a command to the program. */
export type Register = (program: Command) => void

/** By the name of the command, in the order of --help. A new command: write its file, register it here. */
export const commands: Readonly<Record<string, () => Promise<Register>>> = {
  list: async () => (await import('./list.ts')).list,
  show: async () => (await import('./show.ts')).show,
  graph: async () => (await import('./graph.ts')).graph,
  init: async () => (await import('./init.ts')).init,
  new: async () => (await import('./new.ts')).create,
  check: async () => (await import('./check.ts')).check,
  update: async () => (await import('./update.ts')).update,
  schema: async () => (await import('./schema.ts')).schema,
  extract: async () => (await import('./extract.ts')).extract,
  run: async () => (await import('./run.ts')).run,
  runs: async () => (await import('./runs.ts')).runs,
  rollback: async () => (await import('./rollback.ts')).rollback,
  verify: async () => (await import('./verify.ts')).verify,
  mutate: async () => (await import('./mutate.ts')).mutate,
  abort: async () => (await import('./abort.ts')).abort,
  issues: async () => (await import('./issues.ts')).issues,
  matrix: async () => (await import('./matrix.ts')).matrix,
  report: async () => (await import('./report.ts')).report,
  versions: async () => (await import('./versions.ts')).versions,
  bump: async () => (await import('./versions.ts')).bump,
  policy: async () => (await import('./policy.ts')).policy,
  lab: async () => (await import('./lab.ts')).lab,
  doctor: async () => (await import('./doctor.ts')).doctor,
  setup: async () => (await import('./setup.ts')).setup,
}
