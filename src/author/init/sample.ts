/** The runbook that `proofbook init` writes: short, about networks, and proven in a lab without a cluster in half a minute. */

/** Its id. */
export const SAMPLE = 'example/refuse-a-range'

/** Its source, which is Markdown and MDX alike. */
export const sample = `---
title: Refuse a range of addresses
description: You need this when a machine must never reach a range of addresses, such as a network that is being moved.
risk: reversible
duration: 1m
topology: no-cluster
targets: [kind]
variables:
  range: { type: cidr, default: 203.0.113.0/24, label: Addresses that must not be reached }
---

Before, the machine \`client\` sends packets for the range to its router. Afterwards the kernel drops them, without a word
to the program that sent them. The route is gone after a reboot.

## Before you start

\`\`\`bash precheck=nothing-is-routed-there on=client
! ip route show {{range}} | grep .
\`\`\`

A route that is there already is somebody's: find out whose, before you put another in its place.

## 1. Refuse the range

\`\`\`bash step=refuse on=client
ip route add blackhole {{range}}
\`\`\`

A blackhole needs no firewall, and the longest prefix wins: a route to one address of the range still works.

\`\`\`bash rollback=refuse on=client
ip route del blackhole {{range}}
\`\`\`

\`\`\`bash check=refused on=client
ip route show {{range}}
\`\`\`
\`\`\`text output
blackhole {{range}}
\`\`\`
`
