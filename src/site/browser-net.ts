import { fileURLToPath } from 'node:url'

const shim = fileURLToPath(new URL('./client/net.ts', import.meta.url))

/** Vite plugin: the rules of values run in the browser too, where `node:net` is missing. */
export const browserNet = {
  name: 'proofbook-browser-net',
  enforce: 'pre' as const,
  resolveId(this: { environment?: { name: string } }, source: string): string | undefined {
    return source === 'node:net' && this.environment?.name === 'client' ? shim : undefined
  },
}
