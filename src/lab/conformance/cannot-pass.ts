/** Conformance cases that a lab cannot pass, each with the reason. One that passes all the same is told, so that it leaves. */
export interface CannotPass {
  /** The end of the case's name. */
  readonly name: string
  readonly why: string
}

export const cannotPass: readonly CannotPass[] = []

export const reasonFor = (name: string): string | undefined => cannotPass.find(known => name.endsWith(known.name))?.why
