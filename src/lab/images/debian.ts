/** Root filesystems from Debian packages. */
import { versions } from '../versions.ts'
import type { Context } from './product.ts'
import { run } from './run.ts'

export interface Rootfs {
  /** Which Debian; that of nodes when not given. */
  readonly suite?: string
  /** The tar or, for a name without `.tar`, the folder to write. */
  readonly out: string
  /** `extract` only unpacks: no package is configured and no hook is run. */
  readonly variant: 'minbase' | 'extract'
  readonly include?: readonly string[]
  /** Lines for sh, with the new root as `$1`, once the packages are in. */
  readonly hooks?: readonly string[]
  readonly options?: readonly string[]
  readonly keepAptLists?: boolean
}

/** One word for any POSIX shell (zx's own quoting is bash's `$'...'`). */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * As root, mmdebstrap mounts /proc, /sys and /dev below its work folder on the machine itself, and leaves them there when
 * it is ended. In a mount namespace of its own they go with the last process. (As a user it makes one by itself.)
 */
const ownMounts = (): string[] => process.getuid?.() === 0 ? ['unshare', '--mount'] : []

/** Makes one root filesystem with mmdebstrap; needs root, or user namespaces. One at a time. */
export async function mmdebstrap(context: Context, label: string, rootfs: Rootfs): Promise<void> {
  const { progress, signal, inLane } = context
  await inLane('debian', () => progress.stage(label, async (update) => {
    await run([
      ...ownMounts(),
      'mmdebstrap',
      `--variant=${rootfs.variant}`,
      ...rootfs.include === undefined ? [] : [`--include=${rootfs.include.join(',')}`],
      '--aptopt=Apt::Install-Recommends "false"',
      '--dpkgopt=force-unsafe-io',
      // the container's own /dev is laid over it
      `--skip=output/dev${rootfs.keepAptLists === true ? ',cleanup/apt/lists' : ''}`,
      ...rootfs.options ?? [],
      ...(rootfs.hooks ?? []).map((hook) => `--customize-hook=${hook}`),
      rootfs.suite ?? versions.debian,
      rootfs.out,
    ], {
      signal,
      // mmdebstrap unpacks there; beside the output it is removed with it
      env: { TMPDIR: rootfs.out.slice(0, rootfs.out.lastIndexOf('/')) },
      onLine: (line) => {
        const step = /^I: (.*)$/.exec(line)?.[1]
        if (step !== undefined) update(step.replace(/\.\.\.$/, ''))
      },
    })
  }))
}
