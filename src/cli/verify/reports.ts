/** What `verify --report` writes beside each result: one document about all of them. */
import { join } from 'node:path'
import { githubSummary } from '../../report/github.ts'
import { htmlOverview } from '../../report/html-overview.ts'
import { junitOf } from '../../report/junit.ts'
import type { Result } from '../../report/result.ts'
import { writeJson, writeText } from '../../report/store.ts'
import type { Proven } from './one.ts'

export interface Report {
  readonly name: string
  /** What it writes, for the help text. */
  readonly what: string
  write(folder: string, proven: readonly Proven[]): Promise<string>
}

const resultsOf = (proven: readonly Proven[]): Result[] => proven.map(({ result }) => result)

/** Register new forms here. */
export const reports: readonly Report[] = [
  {
    name: 'json', what: 'every result in one file',
    async write(folder, proven) {
      const file = join(folder, 'results.json')
      await writeJson(file, { schema: 1, results: resultsOf(proven) })
      return file
    },
  },
  {
    name: 'junit', what: 'a suite a runbook and target, a case a block',
    async write(folder, proven) {
      const file = join(folder, 'junit.xml')
      await writeText(file, junitOf(resultsOf(proven)))
      return file
    },
  },
  {
    name: 'html', what: 'an overview that links each run',
    async write(folder, proven) {
      const file = join(folder, 'index.html')
      await writeText(file, htmlOverview(proven.map(({ result, files }) => ({ result, ...files.report === undefined ? {} : { report: files.report } })), folder))
      return file
    },
  },
  {
    name: 'github', what: 'a job summary and an annotation for each failure',
    async write(folder, proven) {
      const { summary, annotations } = githubSummary(resultsOf(proven))
      const file = process.env.GITHUB_STEP_SUMMARY ?? join(folder, 'summary.md')
      await writeText(file, summary)
      // Workflow commands are read from standard output, wherever a line begins with them.
      if (annotations !== '') process.stderr.write(annotations)
      return file
    },
  },
]
