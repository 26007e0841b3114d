/** The cluster could not be asked at all: no right to make pods, no image for them, no node. Says nothing about its network. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError'
  readonly exitCode = 3
}
