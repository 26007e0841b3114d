import type { Command } from 'commander'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { extract } from './extract.ts'
import { graph } from './graph.ts'
import { lab } from './lab.ts'
import { list } from './list.ts'
import { create } from './new.ts'
import { rollback } from './rollback.ts'
import { run } from './run.ts'
import { runs } from './runs.ts'
import { schema } from './schema.ts'
import { setup } from './setup.ts'
import { show } from './show.ts'
import { update } from './update.ts'
import { verify } from './verify.ts'

/** Every command adds itself to the program. A new command: write its file, register it here. */
export const commands: readonly ((program: Command) => void)[] = [list, show, graph, create, check, update, schema, extract, run, runs, rollback, verify, lab, doctor, setup]
