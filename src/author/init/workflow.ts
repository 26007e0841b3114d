/** The workflow that `proofbook init` writes: five lines of it call Proofbook's own. */

export const workflow = `# Verifies the runbooks of this repository: on a change those that it touches, each night all of them.
name: runbooks
on:
  push: { branches: [main] }
  pull_request:
  schedule: [{ cron: "17 3 * * *" }]
  workflow_dispatch:
permissions: { contents: read }
jobs:
  verify:
    uses: proofbook/proofbook/.github/workflows/verify.yml@v0
`
