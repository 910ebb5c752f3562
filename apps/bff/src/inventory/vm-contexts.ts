import type { Connection } from '@coreshift/libvirt'
import type { HostFacts, HostIdentity } from '../hosts/host-link.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'
import { definitionOf, type DomainSnapshot } from './domain-snapshot.ts'
import type { GuestWatch } from './guest-watch.ts'
import type { GuestOsJudge, OperationSource } from './inventory-ports.ts'
import type { MachineMaxima } from './machine-maxima.ts'
import type { VmLoad } from './vm-load.ts'
import type { VmContext } from './vm-model.ts'

/** What of a host goes into the view of its VMs. */
interface HostOfVms {
  readonly identity: HostIdentity
  readonly facts: HostFacts | undefined
  readonly connection: Connection | undefined
  readonly maxima: MachineMaxima
}

interface VmContextSources {
  readonly settings: SettingsDesk
  readonly guestOs: GuestOsJudge
  readonly guests: GuestWatch
  readonly host: (id: string) => HostOfVms | undefined
  readonly load: (uuid: string) => VmLoad | undefined
  readonly operationOf: OperationSource['operationOf']
}

/** Gathers what is known of a VM beside what a read of it showed. */
export class VmContexts {
  readonly #sources: VmContextSources

  constructor(sources: VmContextSources) {
    this.#sources = sources
  }

  of(snapshot: DomainSnapshot): VmContext {
    const { settings, guests, host: hostOf, load: loadOf, operationOf } = this.#sources
    const host = hostOf(snapshot.hostId)
    const operation = operationOf(snapshot.uuid)
    const load = loadOf(snapshot.uuid)
    const guestReport = guests.report(snapshot.uuid)
    const { guestOs, socketsMax } = this.#judgeGuestOs(snapshot)
    const machineMaximum = host?.maxima.of(definitionOf(snapshot))
    return {
      guestOs,
      ...(socketsMax !== undefined && { guestSocketsMax: socketsMax }),
      settings: settings.current(),
      host: {
        id: snapshot.hostId,
        name: host?.identity.name ?? snapshot.hostId,
        online: host?.connection !== undefined,
        cpus: host?.facts?.cpus ?? 1,
      },
      ...(machineMaximum !== undefined && { machineMaximum }),
      ...(operation && { operation }),
      ...(load && { load }),
      ...(guestReport && { guestReport }),
    }
  }

  #judgeGuestOs(snapshot: DomainSnapshot): ReturnType<GuestOsJudge['judge']> {
    const { osinfoId, guestOsOverride, arch } = definitionOf(snapshot)
    const agentOs = this.#sources.guests.agentOs(snapshot.uuid)
    return this.#sources.guestOs.judge({
      arch,
      ...(osinfoId !== undefined && { osinfoId }),
      ...(agentOs && { agentOs }),
      ...(guestOsOverride !== undefined && { override: guestOsOverride }),
    })
  }
}
