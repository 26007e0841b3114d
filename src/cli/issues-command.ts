/** `proofbook issues`: results of a night, the issues that are open, and what is to be done about both. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ensureLabel, gitHubOf, openIssues, perform } from '../report/issues/github.ts'
import { nightsOf } from '../report/issues/nights.ts'
import { planIssues, type Deed } from '../report/issues/plan.ts'
import type { Place } from '../report/issues/text.ts'
import { readResults } from '../report/store.ts'
import { BadInput } from '../runbook/errors.ts'
import type { IssuesFlags } from './commands/issues.ts'
import { print, printJson } from './output.ts'
import { project } from './project.ts'

/** @throws BadInput without results; GitHubRefused with GitHub's words */
export async function issuesCommand({ results: folder, before = project().recorded, dryRun, json }: IssuesFlags): Promise<void> {
  if (!existsSync(folder)) throw new BadInput(`received --results ${folder}, expected a folder with results of proofbook verify`)
  const github = dryRun ? undefined : gitHubOf(process.env)
  const nights = nightsOf(await readResults(await foldersBelow(folder)))
  const earlier = await readResults(before.split(','))
  const deeds = planIssues(nights, earlier, github === undefined ? [] : await openIssues(github), placeOf(process.env), new Date())
  const told: { readonly deed: Deed, readonly number?: number }[] = []
  if (github !== undefined && deeds.some((deed) => deed.do === 'open')) await ensureLabel(github)
  for (const deed of deeds) told.push({ deed, ...github === undefined ? {} : { number: await perform(github, deed) } })

  if (json) return printJson('issues', { runbooks: nights.map(({ runbook, outcome }) => ({ runbook, outcome })), issues: told.map(({ deed, number }) => ({ ...deed, ...number === undefined ? {} : { number } })) })
  for (const { deed, number } of told) print(`${WORDS[deed.do]} ${number === undefined ? '' : `#${number} `}${'title' in deed ? deed.title : deed.runbook}${github === undefined && 'body' in deed ? `\n\n${deed.body}\n` : ''}`)
  const count = (outcome: string): number => nights.filter((night) => night.outcome === outcome).length
  print(`${nights.length} ${nights.length === 1 ? 'runbook' : 'runbooks'}: ${count('held')} held, ${count('failed')} failed, ${count('open')} without a verdict; ${told.length} ${told.length === 1 ? 'issue' : 'issues'} ${dryRun ? 'would be told of' : 'told of'}`)
}

/** The folder itself, and `results` of each machine below it, as `download-artifact` lays them out. */
async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return [folder, ...entries.filter((entry) => entry.isDirectory() && basename(entry.name) === 'results').map((entry) => join(entry.parentPath, entry.name)).sort()]
}

const WORDS: Readonly<Record<Deed['do'], string>> = { open: 'opened', comment: 'commented', renew: 'renewed', close: 'closed' }

function placeOf(env: NodeJS.ProcessEnv): Place {
  const repository = `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY || 'owner/name'}`
  return { repository, commit: env.GITHUB_SHA || 'HEAD', run: `${repository}/actions/runs/${env.GITHUB_RUN_ID || '0'}` }
}
