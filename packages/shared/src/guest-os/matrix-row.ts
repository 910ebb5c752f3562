import type { GuestSupportValue } from '../contract/vm.ts'

/** Which versions a row speaks about. Versions are compared number by number. */
export type VersionMatch =
  | { readonly type: 'any' }
  /** The whole version. */
  | { readonly type: 'exact'; readonly value: string }
  /** The version or its leading components: `9` answers for 9.4. */
  | { readonly type: 'prefix'; readonly value: string }
  /** `min` included, `below` excluded; without `below` there is no upper end. */
  | { readonly type: 'range'; readonly min: string; readonly below?: string }
  | { readonly type: 'list'; readonly values: readonly string[] }

/** Which editions of Windows a row speaks about. */
export type EditionMatch =
  { readonly type: 'any' } | { readonly type: 'list'; readonly values: readonly string[] }

export interface GuestSupport {
  /** Whether the running guest takes a further vCPU. */
  readonly plug: GuestSupportValue
  /** Whether the running guest gives a vCPU back. */
  readonly unplug: GuestSupportValue
}

export const MATRIX_FAMILIES = ['linux', 'windows', 'bsd', 'darwin', 'other'] as const
export type MatrixFamily = (typeof MATRIX_FAMILIES)[number]

/** How close the source of a row comes to the release it speaks about. */
export const MATRIX_EVIDENCE = ['seed', 'named', 'family', 'generic', 'platform', 'conflict', 'none'] as const
export type MatrixEvidence = (typeof MATRIX_EVIDENCE)[number]

/** One row of the guest OS matrix: what guests of one kind can do with vCPUs while they run. */
export interface MatrixRow extends GuestSupport {
  /** Stable key, e.g. `rhel-9-x86_64`. */
  readonly id: string
  readonly family: MatrixFamily
  /** Key of the system, e.g. `rhel`, `windows-server`. */
  readonly os: string
  readonly name: string
  readonly version: VersionMatch
  readonly edition: EditionMatch
  /** `x86`, `x86_64`, `ppc64le`, `s390x` or `aarch64`. */
  readonly arch: string
  readonly note: string
  readonly source: readonly string[]
  /** `seed`: a row of the oVirt table of 2014, kept as it stands. */
  readonly origin: 'seed' | 'extended'
  readonly evidence: MatrixEvidence
  /** Set where the emulated machine, not the guest, is the limit. */
  readonly limitedBy?: string
  /** Sockets that the editions of the row use at most. */
  readonly socketsMax?: number
  /** Sockets of those editions that use fewer. */
  readonly socketsMaxByEdition?: Readonly<Record<string, number>>
  /** The cells of a seed row, word for word. */
  readonly seed?: {
    readonly row: number
    readonly os: string
    readonly version: string
    readonly arch: string
    readonly plug: string
    readonly unplug: string
  }
  /** What newer documentation says about a seed row; shown beside it, not applied. */
  readonly later?: GuestSupport & { readonly source: readonly string[] }
}

/** What a guest is, in the words of the matrix. */
export interface GuestKey {
  readonly os: string
  /** `null`: not known. An empty text is known to be empty (Debian testing). */
  readonly version: string | null
  readonly edition: string | null
  readonly arch: string
}

/** What an administrator changed about a row, and why. */
export interface MatrixEdit extends GuestSupport {
  readonly row: string
  readonly reason: string
  readonly by: string
  /** ISO instant. */
  readonly at: string
}
