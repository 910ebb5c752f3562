import { z } from 'zod'

/** `details` of QEMU's event ACPI_DEVICE_OST (qapi/acpi.json, ACPIOSTInfo). */
const DeviceOst = z.object({
  info: z.object({
    device: z.string().optional(),
    slot: z.string(),
    'slot-type': z.string(),
    source: z.int(),
    status: z.int(),
  }),
})

/** ACPI 6.5, table 6-22: 3 = ejection request, 0x103 = the guest started the ejection itself. */
const EJECTION_SOURCES: ReadonlySet<number> = new Set([3, 0x103])

/** ACPI 6.5, tables 6-23 and 6-24: failure, not recognised, in use, busy, dependency busy. 0x83 and 0x84 mean "in progress". */
const FAILURES: ReadonlySet<number> = new Set([1, 2, 0x80, 0x81, 0x82])

/**
 * The device alias of a vCPU that an x86 guest refused to give up. libvirt sends no device-removal-failed for it, but
 * passes QEMU's own event on: seen with libvirt 12.8.0 and QEMU 11.1.3 as source 3, status 130 for a guest's last CPU.
 * @param event name of the QMP event
 * @param details its JSON
 * @returns `undefined` for everything that is no refusal of a vCPU
 */
export function refusedVcpuAlias(event: string, details: string | null): string | undefined {
  if (event !== 'ACPI_DEVICE_OST' || details === null) return undefined
  let json: unknown
  try {
    json = JSON.parse(details)
  } catch {
    // Not ours to report: a QMP event that is no JSON names no vCPU.
    return undefined
  }
  const parsed = DeviceOst.safeParse(json)
  if (!parsed.success) return undefined
  const { device, source, status } = parsed.data.info
  if (parsed.data.info['slot-type'] !== 'CPU' || !EJECTION_SOURCES.has(source) || !FAILURES.has(status))
    return undefined
  return device
}
