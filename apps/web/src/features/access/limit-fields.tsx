import { useQuery } from '@tanstack/react-query'
import type { Role } from '@coreshift/shared/contract'
import { liveHosts } from '../../live/live-topics.ts'
import { accounts } from '../../strings/accounts.ts'
import { Check } from '../../ui/check.tsx'
import { Field } from '../../ui/field.tsx'
import type { LimitDraft } from './limit-draft.ts'

interface LimitFieldsProps {
  readonly draft: LimitDraft
  readonly role: Role
  readonly isWrong: boolean
  readonly onChange: (draft: LimitDraft) => void
}

/** Limits a role to hosts, to names of machines, or to both. */
export function LimitFields({ draft, role, isWrong, onChange }: LimitFieldsProps) {
  const hosts = useQuery(liveHosts()).data?.hosts ?? []
  if (role === 'admin') return <p className="cs-quiet">{accounts.adminWhole}</p>
  return (
    <div className="cs-access__limit">
      <Check label={accounts.limitTo} checked={draft.on} onChange={(on) => onChange({ ...draft, on })} />
      {draft.on && (
        <>
          {hosts.length > 0 && (
            <div role="group" aria-label={accounts.limitToHosts} className="cs-choices">
              <p className="cs-choices__label">{accounts.limitToHosts}</p>
              {hosts.map(({ id, name }) => (
                <Check
                  key={id}
                  label={name}
                  checked={draft.hosts.includes(id)}
                  onChange={(on) =>
                    onChange({
                      ...draft,
                      hosts: on ? [...draft.hosts, id] : draft.hosts.filter((other) => other !== id),
                    })
                  }
                />
              ))}
              <p className="cs-field__hint">{accounts.limitHostsHint}</p>
            </div>
          )}
          <Field
            label={accounts.limitToNames}
            value={draft.vmNames}
            onChange={(vmNames) => onChange({ ...draft, vmNames })}
            hint={accounts.limitNamesHint}
            error={isWrong ? accounts.limitNone : undefined}
            autoComplete="off"
          />
        </>
      )}
    </div>
  )
}
