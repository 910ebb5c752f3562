import { enabledIds } from '../inventory/domain-definition.ts'
import type { DomainSnapshot } from '../inventory/domain-snapshot.ts'
import type { Observation } from './engine/engine-io.ts'

/** A read of a domain in the engine's words. */
export function toObservation(snapshot: DomainSnapshot, hostName: string | undefined): Observation {
  const configCount = snapshot.config && enabledIds(snapshot.config).length
  return {
    readAt: snapshot.readAt,
    presence: snapshot.live ? 'running' : 'stopped',
    ...(snapshot.live && {
      machine: {
        host: snapshot.hostId,
        domainId: snapshot.domainId,
        ...(hostName !== undefined && { hostName }),
      },
    }),
    enabled: new Set(snapshot.live ? enabledIds(snapshot.live) : []),
    ...(configCount !== undefined && { configCount }),
  }
}
