import type { Cni } from './cni.ts'

/** No network at all: for runbooks that put one in. */
export const none: Cni = {
  name: 'none',
  byDefault: false,
  network: false,
  install: async () => undefined,
  problems: async () => [],
}
