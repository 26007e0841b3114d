/**
 * The nights before, and every machine's part of this night, into the folder `night`. What is refused (not whole, forged,
 * from the future, of a night before and not attested) fails the job after all else is merged. Parts of this night come from
 * jobs of this very run.
 */
import { existsSync, globSync } from 'node:fs'
import { proofbook } from '../../.github/actions/lib.ts'
import { attestedBy } from './attested.ts'

const merge = (...words: string[]): number => proofbook(['report', 'merge', ...words, '--output', 'night'], { show: true }).exit

const before = existsSync('before') ? merge('before', ...attestedBy()) : 0
const tonight = merge(...globSync('tonight/*').sort())
process.exitCode = before || tonight
