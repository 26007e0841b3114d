/** The few things that image supply asks of Docker. */
import { ask, run, type RunOptions } from './run.ts'

export interface DockerImage {
  readonly id: string
  /** Bytes, with the layers that it shares with others. */
  readonly size: number
  readonly labels: Readonly<Record<string, string>>
  readonly repoDigests: readonly string[]
}

/** The image of that name in the local Docker, or `undefined`. */
export async function findImage(ref: string): Promise<DockerImage | undefined> {
  const text = await ask(['docker', 'image', 'inspect', ref])
  if (text === undefined) return undefined
  const [image] = JSON.parse(text) as [{ Id: string, Size: number, RepoDigests?: string[], Config?: { Labels?: Record<string, string> | null } }]
  return { id: image.Id, size: image.Size, labels: image.Config?.Labels ?? {}, repoDigests: image.RepoDigests ?? [] }
}

export async function loadArchive(file: string, options: RunOptions = {}): Promise<void> {
  await run(['docker', 'load', '--quiet', '--input', file], options)
}
