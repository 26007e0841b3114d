/** Before the end-to-end tests: what a cluster of three needs of the kernel. */
import { raiseLimits } from '../../.github/actions/lib.ts'

raiseLimits()
