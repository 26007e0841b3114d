import { defineConfig } from 'vitest/config'

const minutes = 60_000

// Labs that no change of every day can break, and mutants (one of them is in bytes.test.ts): at night, and whenever asked for.
const nightly = [
  ...process.env.PROOFBOOK_LONG === '1' ? [] : ['test/e2e/k3d.test.ts', 'test/e2e/policy.test.ts'],
  ...process.env.PROOFBOOK_ALL_MUTANTS === undefined ? ['test/e2e/mutants.test.ts'] : [],
]

/**
 * What a browser or a lab was asked is asked once more on a CI machine, where nobody stands by; scripts/test.mjs tells
 * each such test by its name, as flaky. What is pure has one answer: a property that failed once is wrong.
 */
const retry = process.env.CI ? 1 : 0

// Extracted scripts are loaded by Node itself, as outside of tests.
const server = { deps: { external: [/\.mjs(?:\?|$)/] } }

// Groups run one after the other, and 0 would run last: what is fast and pure first, the labs last and alone.
export default defineConfig({
  test: {
    // Deleting a lab takes longer than the default of 10 s; this option exists at the root only.
    teardownTimeout: 5 * minutes,
    projects: [
      {
        // One process for many files, each of which leaves it as it was: to load everything anew for each takes as long as the tests.
        test: { name: 'unit', server, isolate: false, include: ['test/unit/**/*.test.ts'], sequence: { groupOrder: 1 }, testTimeout: minutes },
      },
      {
        test: { name: 'site', server, include: ['test/site/**/*.test.ts'], globalSetup: ['test/site/build.ts'], sequence: { groupOrder: 2 }, testTimeout: 2 * minutes, hookTimeout: 10 * minutes },
      },
      {
        test: { name: 'browser', server, retry, include: ['test/browser/**/*.test.ts'], globalSetup: ['test/site/build.ts'], sequence: { groupOrder: 3 }, testTimeout: 2 * minutes, hookTimeout: 10 * minutes, fileParallelism: false },
      },
      {
        test: { name: 'e2e', server, retry, include: ['test/e2e/**/*.test.ts'], exclude: nightly, globalSetup: ['test/e2e/machine.ts'], sequence: { groupOrder: 4 }, testTimeout: 45 * minutes, hookTimeout: 45 * minutes, fileParallelism: false },
      },
    ],
  },
})
