import type { Role } from '@coreshift/shared/contract'
import { accounts } from '../../strings/accounts.ts'
import { SelectField } from '../../ui/select-field.tsx'

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin']

export function RoleField({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  return (
    <SelectField
      label={accounts.role}
      value={role}
      choices={ROLES.map((value) => ({ value, label: accounts.roles[value] }))}
      onChange={onChange}
    />
  )
}
