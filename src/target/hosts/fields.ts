/** What each key of an inventory takes. */

export interface Field {
  readonly expected: string
  fits(value: unknown): boolean
}

/** What ssh takes as a destination; nothing that could be taken for an option or a second word. */
const DESTINATION = /^(?:[\w.-]+@)?\w[\w.:-]*$/

const text = (expected: string): Field => ({
  expected,
  // A path or a name goes to ssh or kubectl as one word, and never looks like an option.
  fits: value => typeof value === 'string' && /^[^-\p{C}][^\p{C}]*$/u.test(value),
})

const map = (expected: string): Field => ({
  expected,
  fits: value => typeof value === 'object' && value !== null && !Array.isArray(value),
})

const destination = (expected: string): Field => ({
  expected,
  fits: value => typeof value === 'string' && DESTINATION.test(value),
})

export const topFields: Readonly<Record<string, Field>> = {
  context: text('the name of a context of the kubeconfig (kubectl config get-contexts)'),
  kubeconfig: text('the path of a kubeconfig on the workstation'),
  facts: {
    expected: 'a map such as { distro: k3s, cni: flannel }',
    fits: value => map('').fits(value) && Object.values(value as object).every(fact => typeof fact === 'string'),
  },
  hosts: map('a map of hosts'),
  ssh: map('a map such as { config: ssh_config }'),
}

export const sshFields: Readonly<Record<string, Field>> = {
  config: text('the path of an ssh_config'),
}

export const hostFields: Readonly<Record<string, Field>> = {
  ssh: destination('user@address or a name of your ssh_config'),
  port: {
    expected: 'a port from 1 to 65535',
    fits: value => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535,
  },
  identity: text('the path of a private key'),
  jump: destination('user@address or a name of your ssh_config'),
  sudo: { expected: 'true, false or password', fits: value => typeof value === 'boolean' || value === 'password' },
  roles: {
    expected: 'a list of names such as [servers]',
    fits: value => Array.isArray(value) && value.every(role => typeof role === 'string' && /^[a-z][a-z0-9-]*$/.test(role)),
  },
}
