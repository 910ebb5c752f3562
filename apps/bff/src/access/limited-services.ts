import type { AccessLimit, GuestOsMatrixView, Settings } from '@coreshift/shared/contract'
import type { GuestOsPage } from '../guest-os/guest-os-page.ts'
import type { ApiServices } from '../http/services.ts'
import type { Identity } from '../identity/identity.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'
import { limitedAudit } from './limited-audit.ts'
import { limitedDesk } from './limited-desk.ts'
import { limitedHosts } from './limited-hosts.ts'
import { limitedPrepare } from './limited-prepare.ts'
import { limitedVms } from './limited-vms.ts'

/**
 * The one place where a limited role is enforced: whoever is limited is handed these services instead, in REST, live
 * view, exports and the oVirt door alike. Every service is named, so that a new one does not compile before somebody has
 * decided what a limit means for it.
 */
function limitedServices(services: ApiServices, limit: AccessLimit): Required<ApiServices> {
  const vms = limitedVms(services.vms, limit)
  const hosts = limitedHosts(services.hosts, vms, limit)
  return {
    vms,
    hosts,
    desk: limitedDesk(services.desk, vms),
    // Works on the desk that it is given, which is the limited one.
    resizeKeys: services.resizeKeys,
    audit: limitedAudit(services.audit, limit),
    settings: limitedSettings(services.settings, { vms, hosts }),
    guestOs: limitedGuestOs(services.guestOs),
    prepare: limitedPrepare(services.prepare, vms),
    // Hosts are made to misbehave as a whole.
    demo: undefined,
    // Scripts of the whole product; they say nothing of VMs.
    hooks: services.hooks,
    // Accounts and tokens are an admin's, who is never limited, or one's own.
    identity: services.identity,
    version: services.version,
  }
}

/** Limits for which services are kept at hand. */
const LIMITS_MAX = 200

/** What an identity is handed; the same object for the same limit. */
type ServicesFor<T> = (identity: Pick<Identity, 'limitedTo'> | undefined) => T

/** Makes something once for everybody and once for each limit; the limit that was not asked for longest is let go. */
export function perLimit<T>(services: ApiServices, make: (services: ApiServices) => T): ServicesFor<T> {
  const whole = make(services)
  const known = new Map<string, T>()
  return (identity) => {
    const limit = identity?.limitedTo
    if (limit === undefined) return whole
    const key = limitKey(limit)
    const made = known.get(key) ?? make(limitedServices(services, limit))
    known.delete(key)
    known.set(key, made)
    const oldest = known.size > LIMITS_MAX ? known.keys().next() : undefined
    if (oldest && !oldest.done) known.delete(oldest.value)
    return made
  }
}

/** The same text for the same limit. */
export function limitKey({ hosts, vmNames }: AccessLimit): string {
  return JSON.stringify([hosts?.toSorted() ?? null, vmNames ?? null])
}

/** Without the hosts and VMs that are not there for whoever asks. */
function limitedSettings(
  settings: SettingsDesk,
  { vms, hosts }: Pick<ApiServices, 'vms' | 'hosts'>,
): SettingsDesk {
  const isHost = (id: string): boolean => hosts.get(id) !== undefined
  const isVm = (uuid: string): boolean => vms.summary(uuid) !== undefined
  const limited = (whole: Settings): Settings => ({
    ...whole,
    unplugDisabledHosts: whole.unplugDisabledHosts.filter(isHost),
    unplugDisabledVms: whole.unplugDisabledVms.filter(isVm),
    ...(whole.hostPolicies && { hostPolicies: keyed(whole.hostPolicies, isHost) }),
    ...(whole.vmPolicies && { vmPolicies: keyed(whole.vmPolicies, isVm) }),
  })
  return {
    current: () => limited(settings.current()),
    replace: (next, actor, requestId) => settings.replace(next, actor, requestId),
    onChange: (listener) => settings.onChange((whole) => listener(limited(whole))),
    reload: () => settings.reload(),
  }
}

/** What stands under the keys that pass. */
function keyed<T>(record: Readonly<Record<string, T>>, passes: (key: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => passes(key)))
}

/** Without the fleet's own experience: it counts and names VMs. */
function limitedGuestOs(guestOs: GuestOsPage): GuestOsPage {
  const limited = (view: GuestOsMatrixView): GuestOsMatrixView => ({
    ...view,
    rows: view.rows.map(({ seen: _seen, vms: _vms, ...row }) => row),
  })
  return {
    view: async () => limited(await guestOs.view()),
    replace: async (input, actor, requestId) => limited(await guestOs.replace(input, actor, requestId)),
  }
}
