import type { DomainRef, TypedParam } from '@coreshift/libvirt'

/** What happened on a host, in the order in which it happened. */
export type HostEvent = { readonly domain: DomainRef } & (
  | { readonly kind: 'lifecycle'; readonly event: number; readonly detail: number }
  | { readonly kind: 'reboot' }
  | { readonly kind: 'tunable'; readonly params: readonly TypedParam[] }
  | { readonly kind: 'agent-lifecycle'; readonly state: number; readonly reason: number }
  | {
      readonly kind: 'channel-lifecycle'
      readonly channelName: string
      readonly state: number
      readonly reason: number
    }
  | { readonly kind: 'migration-iteration'; readonly iteration: number }
  | { readonly kind: 'job-completed'; readonly params: readonly TypedParam[] }
  | { readonly kind: 'device-added' | 'device-removed'; readonly deviceAlias: string }
  /** `told`: whether libvirt passes it on. It does not where the guest refused through ACPI. */
  | { readonly kind: 'device-removal-failed'; readonly deviceAlias: string; readonly told: boolean }
  | { readonly kind: 'metadata-change'; readonly type: number; readonly uri: string | null }
  | { readonly kind: 'vcpu-removed'; readonly vcpuId: number }
  /** QEMU's own event, as libvirt passes it on to whoever asks for it. */
  | { readonly kind: 'qemu-monitor'; readonly event: string; readonly details: string; readonly atMs: number }
)
