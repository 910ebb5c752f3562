import { useQuery } from '@tanstack/react-query'
import { POLICY_PRESETS, type PolicyPreset } from '@coreshift/shared'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { liveFleet, liveHosts } from '../../live/live-topics.ts'
import { settings as words } from '../../strings/settings.ts'
import { TableFrame } from '../../ui/table-frame.tsx'
import type { SettingsDraft } from './settings-draft.ts'

interface PerHostProps {
  readonly draft: SettingsDraft
  readonly onChange: (part: Partial<SettingsDraft>) => void
}

/** What differs from the rule for all: by host, and by machine. */
export function PerHost({ draft, onChange }: PerHostProps) {
  const hosts = useQuery(liveHosts()).data?.hosts ?? []
  if (hosts.length === 0) return <p className="cs-quiet">{words.noHosts}</p>
  const disabled = draft.unplugDisabledHosts
  const c = words.perHostColumns
  return (
    <div className="cs-form">
      <TableFrame label={words.perHost} columns={[c.host, c.removal, c.policy]}>
        {hosts.map(({ id, name }) => (
          <tr key={id} data-host={name}>
            <th scope="row">{name}</th>
            <td>
              <label className="cs-check">
                <input
                  type="checkbox"
                  aria-label={words.removalOn(name)}
                  checked={!disabled.includes(id)}
                  onChange={(event) =>
                    onChange({
                      unplugDisabledHosts: event.target.checked
                        ? disabled.filter((other) => other !== id)
                        : [...disabled, id],
                    })
                  }
                />
                {words.allowed}
              </label>
            </td>
            <td>
              <select
                className="cs-select"
                aria-label={words.policyOn(name)}
                value={draft.hostPolicies[id] ?? ''}
                onChange={(event) =>
                  onChange({ hostPolicies: withChoice(draft.hostPolicies, id, event.target.value) })
                }
              >
                <option value="">{words.asForAll}</option>
                {POLICY_PRESETS.map((preset) => (
                  <option key={preset} value={preset}>
                    {words.presets[preset]}
                  </option>
                ))}
              </select>
            </td>
          </tr>
        ))}
      </TableFrame>
      <PerMachine draft={draft} onChange={onChange} />
    </div>
  )
}

/** Choices that were made on the pages of machines. */
function PerMachine({ draft, onChange }: PerHostProps) {
  const vms = useQuery(liveFleet()).data?.vms ?? []
  const choices = Object.entries(draft.vmPolicies)
  if (choices.length === 0) return null
  return (
    <div role="group" aria-label={words.perMachine} className="cs-choices">
      <p className="cs-choices__label">{words.perMachine}</p>
      <ul>
        {choices.map(([uuid, preset]) => {
          const name = vms.find((vm) => vm.uuid === uuid)?.name ?? uuid
          return (
            <li key={uuid} className="cs-buttons">
              <b>{name}</b> {words.presets[preset]}
              <Button
                variant="link"
                isInline
                aria-label={words.takeBack(name)}
                onClick={() => onChange({ vmPolicies: withChoice(draft.vmPolicies, uuid, '') })}
              >
                {words.takeBackShort}
              </Button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The choices with one set, or taken back where the text names no preset. */
function withChoice(
  choices: Readonly<Record<string, PolicyPreset>>,
  id: string,
  text: string,
): Record<string, PolicyPreset> {
  const { [id]: _, ...others } = choices
  const preset = POLICY_PRESETS.find((candidate) => candidate === text)
  return preset ? { ...others, [id]: preset } : others
}
