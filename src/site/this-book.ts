/** What Git says of the book that is built, asked once a build. */
import { posix } from 'node:path'
import type { Runbook } from '../runbook/model.ts'
import { bookFolder } from './book-folder.ts'
import { bookVersion, gitIn, olderTexts, releases } from './releases.ts'

const git = gitIn('.')
const released = releases(git, bookFolder)

export const thisBook = bookVersion(git)

export const olderTextsOf = ({ id }: Pick<Runbook, 'id'>): { version: string, href: string }[] => olderTexts(released, posix.join(bookFolder, `${id}.mdx`))
