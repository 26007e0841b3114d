import { argo } from './argo.ts'
import type { Engine } from './engine.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { jobset } from './jobset.ts'

/** Register new engines here. */
export const engines: readonly Engine[] = [github, gitlab, argo, jobset]
