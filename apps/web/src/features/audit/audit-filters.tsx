import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditFilter } from '../../data/audit-queries.ts'
import { audit } from '../../strings/audit.ts'
import { Field } from '../../ui/field.tsx'
import { useTimeZone } from '../../ui/instant.tsx'
import { withoutEmpty } from './audit-search.ts'
import { fromInstantField, toInstantField } from './instant-field.ts'

interface AuditFiltersProps {
  readonly filter: AuditFilter
  /** What is in the list: the filtered machine's name is read from there. */
  readonly entries: readonly AuditEntry[]
  readonly onChange: (filter: AuditFilter) => void
}

/** Everything is in the address, so that a view can be sent to someone. */
export function AuditFilters({ filter, entries, onChange }: AuditFiltersProps) {
  const zone = useTimeZone()
  const set = (part: AuditFilter) => onChange(withoutEmpty({ ...filter, ...part }))
  const machine = entries.find((entry) => entry.vm === filter.vm)?.vmName ?? filter.vm
  return (
    <div className="cs-audit__filters">
      <Field label={audit.search} type="search" value={filter.q ?? ''} onChange={(q) => set({ q })} />
      <Field label={audit.who} value={filter.actor ?? ''} onChange={(actor) => set({ actor })} />
      <div className="cs-field">
        <label className="cs-field__label" htmlFor="audit-outcome">
          {audit.outcome}
        </label>
        <select
          id="audit-outcome"
          className="cs-select"
          value={filter.outcome ?? ''}
          onChange={(event) => set({ outcome: event.target.value })}
        >
          <option value="">{audit.anyOutcome}</option>
          {Object.entries(audit.outcomes).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={audit.from}
        type="datetime-local"
        value={toInstantField(filter.from, zone)}
        onChange={(v) => set({ from: fromInstantField(v, zone) })}
      />
      <Field
        label={audit.to}
        type="datetime-local"
        value={toInstantField(filter.to, zone)}
        onChange={(v) => set({ to: fromInstantField(v, zone) })}
      />
      {filter.vm && (
        <button type="button" className="cs-chip" onClick={() => set({ vm: undefined })} aria-pressed="true">
          {audit.onlyMachine(machine ?? '')} <span aria-hidden="true">✕</span>
        </button>
      )}
      {filter.action && (
        <button
          type="button"
          className="cs-chip"
          onClick={() => set({ action: undefined })}
          aria-pressed="true"
        >
          {audit.onlyAction(filter.action)} <span aria-hidden="true">✕</span>
        </button>
      )}
      {Object.keys(filter).length > 0 && (
        <Button variant="link" isInline onClick={() => onChange({})}>
          {audit.clearFilters}
        </Button>
      )}
    </div>
  )
}
