/** A page to begin with: it passes `check`, and a lab proves it as it stands. */

/** Source of a new page. `name` is the last part of its id. */
export function skeleton(name: string): string {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
  return `---
title: ${JSON.stringify(title)}
description: You need this when ...
risk: reversible
duration: 5m
targets: [kind]
variables:
  text: { type: name, default: hello, label: What the file says }
---

What is true before, what is true after, and what a reader loses meanwhile.

## Before you start

\`\`\`bash precheck=not-there-yet on=client
! test -e /etc/${name}.conf
\`\`\`

An earlier attempt would make the first step pass for the wrong reason.

## 1. Write the file

\`\`\`ini step=configure file=/etc/${name}.conf mode=0644 on=client
text = {{text}}
\`\`\`

Say why this is needed; the reader sees the command anyway.

\`\`\`bash rollback=configure on=client
rm --force /etc/${name}.conf
\`\`\`

\`\`\`bash check=configured on=client
cat /etc/${name}.conf
\`\`\`
\`\`\`text output
text = {{text}}
\`\`\`
`
}
