import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditFilter } from '../../data/audit-queries.ts'
import { audit } from '../../strings/audit.ts'
import { Field } from '../../ui/field.tsx'
import { withoutEmpty } from './audit-search.ts'

interface AuditFiltersProps {
  readonly filter: AuditFilter
  /** What is in the list: the filtered machine's name is read from there. */
  readonly entries: readonly AuditEntry[]
  readonly onChange: (filter: AuditFilter) => void
}

/** Everything is in the address, so that a view can be sent to someone. */
export function AuditFilters({ filter, entries, onChange }: AuditFiltersProps) {
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
        value={toField(filter.from)}
        onChange={(v) => set({ from: fromField(v) })}
      />
      <Field
        label={audit.to}
        type="datetime-local"
        value={toField(filter.to)}
        onChange={(v) => set({ to: fromField(v) })}
      />
      {filter.vm && (
        <button type="button" className="cs-chip" onClick={() => set({ vm: undefined })} aria-pressed="true">
          {audit.onlyMachine(machine ?? '')} <span aria-hidden="true">✕</span>
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

/** The instant as the field wants it: local time without a zone. */
function toField(instant: string | undefined): string {
  if (!instant) return ''
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function fromField(value: string): string | undefined {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
