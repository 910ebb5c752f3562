import type { AccessLimit, Host, Role } from '@coreshift/shared/contract'
import { accounts } from '../../strings/accounts.ts'

/** A limit as it stands in the form. */
export interface LimitDraft {
  readonly on: boolean
  readonly hosts: readonly string[]
  readonly vmNames: string
}

export function limitDraftOf(limit: AccessLimit | undefined): LimitDraft {
  return { on: limit !== undefined, hosts: limit?.hosts ?? [], vmNames: limit?.vmNames ?? '' }
}

type LimitReading =
  { readonly ok: true; readonly limitedTo: AccessLimit | undefined } | { readonly ok: false }

/** Reads the form; an administrator has no limit, whatever stands there. */
export function readLimit(draft: LimitDraft, role: Role): LimitReading {
  if (!draft.on || role === 'admin') return { ok: true, limitedTo: undefined }
  const vmNames = draft.vmNames.trim()
  if (draft.hosts.length === 0 && vmNames === '') return { ok: false }
  return {
    ok: true,
    limitedTo: {
      ...(draft.hosts.length > 0 ? { hosts: [...draft.hosts] } : {}),
      ...(vmNames === '' ? {} : { vmNames }),
    },
  }
}

/** A limit in words; a host that is gone is named by its id. */
export function limitWords(
  limit: AccessLimit | undefined,
  hosts: readonly Pick<Host, 'id' | 'name'>[],
): string {
  if (limit === undefined) return accounts.wholeFleet
  const names = limit.hosts?.map((id) => hosts.find((host) => host.id === id)?.name ?? id)
  return accounts.limited([
    ...(names ? [accounts.limitHosts(names.join(', '))] : []),
    ...(limit.vmNames === undefined ? [] : [accounts.limitNames(limit.vmNames)]),
  ])
}
