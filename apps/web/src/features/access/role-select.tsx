import type { Role } from '@coreshift/shared/contract'
import { accounts } from '../../strings/accounts.ts'

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin']

interface RoleSelectProps {
  readonly label: string
  readonly role: Role
  readonly onChange: (role: Role) => void
  readonly disabled?: boolean
}

export function RoleSelect({ label, role, onChange, disabled = false }: RoleSelectProps) {
  return (
    <select
      className="cs-select"
      aria-label={label}
      value={role}
      disabled={disabled}
      onChange={(event) => onChange(ROLES.find((candidate) => candidate === event.target.value) ?? role)}
    >
      {ROLES.map((value) => (
        <option key={value} value={value}>
          {accounts.roles[value]}
        </option>
      ))}
    </select>
  )
}
