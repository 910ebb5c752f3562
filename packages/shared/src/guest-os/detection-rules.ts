/** How libosinfo ids and guest agent fields become the keys of the matrix. Data, read from `detection.json`. */
export interface DetectionRules {
  readonly libosinfo: {
    /** Tried in order; `version` may hold `$1`. */
    readonly patterns: readonly {
      readonly pattern: string
      readonly os: string
      readonly version: string | null
    }[]
    /** Host parts of ids whose systems are Linux without rows of their own. */
    readonly otherLinuxVendors: readonly string[]
    /** Ids of the libosinfo database with the names people know. */
    readonly entries: readonly { readonly id: string; readonly name: string }[]
  }
  readonly linux: readonly {
    readonly osId: string
    /** Text that `os.name` has to contain. */
    readonly nameContains?: string
    readonly os: string
  }[]
  readonly windows: {
    /** From which build number on a release begins, ascending. */
    readonly buildThresholds: Readonly<Record<WindowsKind, readonly (readonly [number, string])[]>>
    /** Release by kernel version, where the agent gives no release. */
    readonly kernelVersion: Readonly<Record<WindowsKind, Readonly<Record<string, string>>>>
    readonly edition: {
      readonly stripMarks: readonly string[]
      readonly stripPrefix: string
      /** First entry that equals the rest or is followed by a space. */
      readonly map: readonly { readonly match: string; readonly edition: string }[]
    }
  }
}

export type WindowsKind = 'server' | 'client'

/**
 * What the guest agent says about its system: the fields `os.*` of `virDomainGetGuestInfo`. A field is absent
 * when the guest has no value for it.
 */
export interface AgentOs {
  readonly id?: string
  readonly name?: string
  readonly prettyName?: string
  readonly version?: string
  readonly versionId?: string
  readonly variant?: string
  readonly variantId?: string
  readonly machine?: string
  readonly kernelRelease?: string
  readonly kernelVersion?: string
}

/** A system as one source names it. */
export interface DetectedSystem {
  readonly os: string
  readonly version: string | null
  readonly edition: string | null
  /** For a person. */
  readonly name: string
}
