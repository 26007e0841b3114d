/** A generated book: pages as people write them, each with prechecks, steps, rollbacks, checks, a manifest and links. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Pages in a chapter. */
const CHAPTER = 50

/** Writes `count` pages below `folder`/runbooks; equal counts give equal bytes. */
export function writeBook(folder: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const chapter = join(folder, 'runbooks', `chapter-${Math.floor(i / CHAPTER)}`)
    if (i % CHAPTER === 0) mkdirSync(chapter, { recursive: true })
    writeFileSync(join(chapter, `page-${i}.mdx`), pageText(i))
  }
}

function pageText(i: number): string {
  const first = i % CHAPTER === 0
  const before = `page-${i - 1}`
  return `---
title: Change setting ${i}
description: You need this when setting ${i} is wrong.
risk: reversible
duration: 5m
${first ? '' : `requires: [chapter-${Math.floor(i / CHAPTER)}/${before}]\n`}variables:
  lb: { type: ipv4, default: 192.168.0.${i % 250 + 1}, label: Load balancer }
  port: { type: port, default: ${6000 + i % 1000}, label: API port }
  nic: { type: interface, default: enp1s0, label: LAN interface }
---

Traffic to setting ${i} stops for a moment.${first ? '' : ` Do [the page before](./${before}.mdx#2-apply-it) first.`}

## Before you start

\`\`\`bash precheck=port-free on=lb eventually=10s stable=2
! ss -Hltn "sport = :{{port}}" | grep -q .
\`\`\`

## 1. Set it

\`\`\`ini step=configure file=/etc/setting-${i}.conf mode=0644 on=lb
[setting]
address = {{lb}}
port = {{port}}
\`\`\`
The service reads it when it starts.

\`\`\`bash rollback=configure on=lb
rm --force /etc/setting-${i}.conf
\`\`\`

\`\`\`bash step=enable on=lb needs=configure timeout=2m
sysctl --write net.ipv4.conf.{{nic}}.forwarding=1
for file in /etc/setting-${i}.conf; do
  if [ -f "$file" ]; then echo "read $file"; fi
done
\`\`\`
\`\`\`text output
net.ipv4.conf.{{nic}}.forwarding = 1
read {{any}}
\`\`\`

\`\`\`bash rollback=enable on=lb
sysctl --write net.ipv4.conf.{{nic}}.forwarding=0
\`\`\`

## 2. Apply it

\`\`\`yaml apply step=object needs=enable
apiVersion: v1
kind: ConfigMap
metadata:
  name: setting-${i}
data:
  address: {{lb}}
\`\`\`

\`\`\`bash rollback=object
kubectl delete configmap setting-${i}
\`\`\`

\`\`\`bash check=address capture=object-name:name
kubectl get configmap setting-${i} --output name | cut -d/ -f2
\`\`\`

\`\`\`bash check=address-right eventually=30s backoff=1s..5s
kubectl get configmap {{object-name}} --output jsonpath='{.data.address}'
\`\`\`
\`\`\`text output
{{lb}}
\`\`\`

\`\`\`bash cleanup=all on=lb
rm --force /etc/setting-${i}.conf
\`\`\`
`
}
