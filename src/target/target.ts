/**
 * Where blocks run. One interface; kind, hosts (and later k3d) implement it.
 */
import type { Flow } from '../runbook/traffic.ts'

/** What became of one command on one host. */
export interface Outcome {
  /** Exit code; 124 when the time limit ended it; 255 with `transportError` when the host could not be reached. */
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** Standard output and error as they came, interleaved. */
  readonly output: string
  readonly durationMs: number
  readonly timedOut: boolean
  /** The host could not be reached: an infrastructure error, never a verdict on the page. */
  readonly transportError?: string
}

export interface ExecOptions {
  /** Milliseconds; then SIGTERM to the process group on the host, SIGKILL 5 s later. */
  readonly timeout: number
  readonly signal?: AbortSignal
  /** Called with each chunk of output as it comes. */
  readonly onOutput?: (chunk: string) => void
  /** Environment of the script on the host. */
  readonly env?: Readonly<Record<string, string>>
}

/** One host that takes blocks. */
export interface Host {
  readonly name: string
  /** `lb`, `server`, `client`, `workstation`, ...: what `on=` may name beside the host's own name. */
  readonly roles: readonly string[]
  /** Shown to the reader: `lb (192.168.0.46)`. */
  readonly address?: string
  /** Feeds exactly these bytes to `bash -eo pipefail` on the host (never through an argument or a template). */
  bash(script: string, options: ExecOptions): Promise<Outcome>
  /** Writes exactly these bytes to a path on the host; parents are made, the mode is octal text. */
  write(path: string, bytes: string, options: { readonly mode?: string, readonly owner?: string, readonly timeout: number }): Promise<Outcome>
}

/** One fact of the machine state, as a line: `file /etc/haproxy/haproxy.cfg sha256:..`, `addr lb enp1s0 192.168.0.46/24`. */
export type Inventory = readonly string[]

/** A target that is up and ready to take blocks. */
export interface Target {
  /** `kind`, `k3d`, `hosts`. */
  readonly name: string
  /** Ephemeral: drills, cleanup and rollback tests are allowed here. */
  readonly lab: boolean
  readonly hosts: readonly Host[]
  /** Facts for `if=`: `{ distro: 'kubeadm', cni: 'flannel', target: 'kind' }`. */
  readonly facts: Readonly<Record<string, string>>
  /** Values for variables where the target knows them (a lab does); a reader's own values win over them. */
  readonly values: Readonly<Record<string, string>>
  /** A lab whose packets may leave the machine, so that what held there may have held by the help of others. */
  readonly egress?: 'open'
  /** One line for people: what this is, with versions. */
  readonly summary: string
  /** Of a reader's own: the API server and the id of the cluster that is worked on, the same for as long as it is that one. */
  readonly cluster?: string
  /** Versions read from what is running, not from what was asked for. */
  versions(): Promise<Readonly<Record<string, string>>>
  /** Where each image came from. */
  readonly images: readonly ImageRecord[]
  /** State of every host and of the cluster, for comparing before with after. */
  inventory(): Promise<Inventory>
  /**
   * Begins to ask these flows, and resolves when each of them is answered. Where it is missing, nothing is measured.
   * @throws when the target's network does not answer before anything has been changed
   */
  measure?(flows: readonly Flow[], signal: AbortSignal): Promise<Measuring>
  /**
   * After a failure, before anything is undone: saves what a person would look at, and returns the files' paths
   * relative to the folder. Where it is missing, nothing is saved.
   */
  diagnose?(folder: string): Promise<readonly string[]>
}

/** Flows that are being asked. */
export interface Measuring {
  /** Ends the asking, removes all of it, and returns what was written down. */
  stop(): Promise<Measured>
}

/** Times in milliseconds since 1970. */
export interface Measured {
  readonly from: number
  readonly to: number
  /** By flow and host that asked: the text of its record (src/probe/traffic/record.ts). */
  readonly records: readonly { readonly flow: string, readonly from: string, readonly text: string }[]
}

/**
 * Where an image of a lab came from. `built` is our own build from package registries and is labelled so; `stand-in`
 * is something else in the place of what it stands for, and a run on it proves nothing about that.
 */
export interface ImageRecord {
  readonly name: string
  readonly version: string
  readonly supply: 'pulled' | 'archive' | 'built' | 'stand-in'
  /** Digest or docker image id. */
  readonly id: string
  /** One sentence for builds: from what, and what differs from upstream. */
  readonly note?: string
}
