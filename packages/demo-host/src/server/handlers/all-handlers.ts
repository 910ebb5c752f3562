import { HandlerTable } from '../handler-table.ts'
import { agentHandlers } from './agent-handlers.ts'
import { connectHandlers } from './connect-handlers.ts'
import { domainHandlers } from './domain-handlers.ts'
import { migrationHandlers } from './migration-handlers.ts'
import { nodeHandlers } from './node-handlers.ts'
import { powerHandlers } from './power-handlers.ts'
import { vcpuHandlers } from './vcpu-handlers.ts'
import { virshHandlers } from './virsh-handlers.ts'

/** Everything that a simulated daemon answers. */
export function allHandlers(): HandlerTable {
  const table = new HandlerTable()
  connectHandlers(table)
  nodeHandlers(table)
  domainHandlers(table)
  vcpuHandlers(table)
  powerHandlers(table)
  agentHandlers(table)
  migrationHandlers(table)
  virshHandlers(table)
  return table
}
