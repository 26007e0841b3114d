import { expect, test } from 'vitest'
import { poll } from '../../../src/run/poll.ts'

interface Try { readonly said: string, readonly cut: boolean }

const never = new AbortController().signal
const soon = { eventually: 30, stable: 1, backoff: { first: 5, longest: 5 } }
const until = (tries: readonly Try[]): (() => Promise<Try>) => {
  let next = 0
  return async () => {
    await new Promise(resolve => { setTimeout(resolve, 20) })
    return tries[Math.min(next++, tries.length - 1)]!
  }
}

test('tells of the last whole try, not of one that the end of the time cut short', async () => {
  const tries = [{ said: 'exit 1', cut: false }, { said: 'still running', cut: true }]
  expect(await poll(soon, until(tries), () => false, never, ({ cut }) => cut)).toMatchObject({ last: { said: 'exit 1' }, held: false })
})

test('tells of a cut one when there is no other', async () => {
  expect(await poll(soon, until([{ said: 'still running', cut: true }]), () => false, never, ({ cut }) => cut)).toMatchObject({ last: { said: 'still running' }, held: false })
})

test('ends with the success', async () => {
  const tries = [{ said: 'exit 1', cut: false }, { said: 'exit 0', cut: false }]
  expect(await poll({ ...soon, eventually: 10_000 }, until(tries), ({ said }) => said === 'exit 0', never)).toMatchObject({ last: { said: 'exit 0' }, attempts: 2, held: true })
})
