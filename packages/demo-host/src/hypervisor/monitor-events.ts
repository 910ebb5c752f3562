import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import type { Machine } from './machine.ts'

/** ACPI 6.5, table 6-22: what the guest reports about. */
const INSERTION = 1
const EJECTION = 3
/** Tables 6-23 and 6-24. */
const SUCCESS = 0
const IN_USE = 0x82
const IN_PROGRESS = 0x84

/** Whether the guest talks to QEMU through ACPI, as on x86; pseries has a protocol of its own. */
export function usesAcpi(machine: Machine): boolean {
  return machine.definition.arch === 'x86_64' || machine.definition.arch === 'i686'
}

/** A guest took a vCPU in. */
export function tellPlugged(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  if (usesAcpi(machine)) tellOst(host, domain, unit, INSERTION, SUCCESS, machine.aliasOf(unit))
}

/** A guest let a vCPU go; QEMU is not rid of the device yet. */
export function tellEjected(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  if (!usesAcpi(machine)) return
  const alias = machine.aliasOf(unit)
  tellOst(host, domain, unit, EJECTION, IN_PROGRESS, alias)
  tell(host, domain, 'DEVICE_DELETED', { path: `/machine/peripheral/${alias}/lapic` })
  tellOst(host, domain, unit, EJECTION, SUCCESS)
}

/** QEMU is rid of the device. */
export function tellDeleted(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  const alias = machine.aliasOf(unit)
  tell(host, domain, 'DEVICE_DELETED', { device: alias, path: `/machine/peripheral/${alias}` })
}

/** The guest keeps the vCPU (x86: status 130 for the last CPU, seen with 12.8.0 and QEMU 11.1.3). */
export function tellRefused(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  const alias = machine.aliasOf(unit)
  if (usesAcpi(machine)) {
    tellOst(host, domain, unit, EJECTION, IN_PROGRESS, alias)
    tellOst(host, domain, unit, EJECTION, IN_USE, alias)
  } else
    tell(host, domain, 'DEVICE_UNPLUG_GUEST_ERROR', { device: alias, path: `/machine/peripheral/${alias}` })
}

function tellOst(
  host: DemoHost,
  domain: Domain,
  unit: number,
  source: number,
  status: number,
  device?: string,
): void {
  const info = {
    ...(device === undefined ? {} : { device }),
    source,
    status,
    slot: String(unit),
    'slot-type': 'CPU',
  }
  tell(host, domain, 'ACPI_DEVICE_OST', { info })
}

function tell(host: DemoHost, domain: Domain, event: string, details: object): void {
  const atMs = host.clock.now()
  host.emit({ kind: 'qemu-monitor', domain: domain.ref, event, details: JSON.stringify(details), atMs })
}
