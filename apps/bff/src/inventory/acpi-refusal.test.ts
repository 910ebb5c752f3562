import { expect, it } from 'vitest'
import { refusedVcpuAlias } from './acpi-refusal.ts'

function ost(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    info: { device: 'vcpu3', source: 3, status: 130, slot: '3', 'slot-type': 'CPU', ...change },
  })
}

it('an ejection that the guest says no to names the vCPU', () => {
  expect(refusedVcpuAlias('ACPI_DEVICE_OST', ost())).toBe('vcpu3')
  expect(refusedVcpuAlias('ACPI_DEVICE_OST', ost({ source: 0x103, status: 0x81 }))).toBe('vcpu3')
})

it.each([
  ['another event', 'RTC_CHANGE', ost()],
  ['success', 'ACPI_DEVICE_OST', ost({ status: 0 })],
  ['an ejection under way', 'ACPI_DEVICE_OST', ost({ status: 0x84 })],
  ['an insertion', 'ACPI_DEVICE_OST', ost({ source: 1 })],
  ['a memory module', 'ACPI_DEVICE_OST', ost({ 'slot-type': 'DIMM' })],
  ['a slot without device', 'ACPI_DEVICE_OST', ost({ device: undefined })],
  ['no details', 'ACPI_DEVICE_OST', null],
  ['no JSON', 'ACPI_DEVICE_OST', '{'],
])('%s is no refusal', (_what, event, details) => {
  expect(refusedVcpuAlias(event, details)).toBeUndefined()
})
