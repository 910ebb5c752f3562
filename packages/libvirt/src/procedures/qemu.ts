import { domainRef } from '../domain/domain-ref.ts'
import { Program } from '../rpc/packet.ts'
import { i32, opt, str, u32 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import { procedure } from './procedure.ts'

/** A raw QMP command (JSON). Taints the domain; an error of QEMU comes back as a normal result. */
export const qemuDomainMonitorCommand = procedure({
  program: Program.QEMU,
  number: 1,
  name: 'virDomainQemuMonitorCommand',
  since: '0.8.3',
  args: struct({ domain: domainRef, command: str, flags: u32 }),
  result: struct({ result: str }),
})

/**
 * A command for the guest agent (JSON). `timeoutSeconds`: -2 for ever, -1 libvirt's default, 0 no wait. Not on
 * read-only connections; taints the domain.
 */
export const qemuDomainAgentCommand = procedure({
  program: Program.QEMU,
  number: 3,
  name: 'virDomainQemuAgentCommand',
  since: '0.10.0',
  args: struct({ domain: domainRef, command: str, timeoutSeconds: i32, flags: u32 }),
  result: struct({ result: opt(str) }),
  unbounded: true,
})

/** Registers for raw QMP events; use `Connection.subscribe(qemuMonitorEvent, …)`. Diagnosis only. */
export const qemuConnectDomainMonitorEventRegister = procedure({
  program: Program.QEMU,
  number: 4,
  name: 'virConnectDomainQemuMonitorEventRegister',
  since: '1.2.3',
  args: struct({ domain: opt(domainRef), event: opt(str), flags: u32 }),
  result: struct({ callbackId: i32 }),
})

export const qemuConnectDomainMonitorEventDeregister = procedure({
  program: Program.QEMU,
  number: 5,
  name: 'virConnectDomainQemuMonitorEventDeregister',
  since: '1.2.3',
  args: struct({ callbackId: i32 }),
  result: empty,
})
