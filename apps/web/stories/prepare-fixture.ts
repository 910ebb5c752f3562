import type { NextBootForecast, PreparePlan, Vm } from '@coreshift/shared/contract'

/** What preparing would store, as the server plans it. */
export function preparePlanFor(vm: Vm, socketsMax = 24): PreparePlan {
  const atStart = { vcpuCount: 8, topologyDeclared: true }
  return {
    vm: vm.uuid,
    rev: vm.rev,
    allowed: true,
    reasons: [],
    proposal: {
      socketsMax: 24,
      why: 'Twice what the machine has now, and no more than the host has CPUs.',
      bounds: [
        { socketsMax: 24, why: 'The host has 48 CPUs.' },
        { socketsMax: 64, why: 'Machine type pc-q35-10.0 takes at most 288 vCPUs.' },
      ],
    },
    cost: { emptySlots: socketsMax * 2 - 8, guestMemoryMib: 12 },
    removable: true,
    from: { ...atStart, topology: vm.topology, maximum: 32, fixed: '0-3', removable: '4-7' },
    to: {
      ...atStart,
      topology: { ...vm.topology, sockets: socketsMax },
      maximum: socketsMax * 2,
      fixed: '0',
      removable: '1-7',
    },
    changes: [
      `Room for ${socketsMax} sockets (${socketsMax * 2} vCPUs) instead of 16 sockets (32 vCPUs).`,
      'vCPU 1-3 become removable while the VM runs.',
    ],
    warnings: [
      {
        code: 'numa-cells',
        message: 'The NUMA cells of the definition name only the vCPUs of today; the new ones go to cell 0.',
      },
    ],
    liveRange: { min: 1, max: socketsMax },
    takesEffect: vm.status === 'down' ? 'at-start' : 'next-start',
    xml: [
      { kind: 'gap', text: '12' },
      { kind: 'removed', text: "  <vcpu placement='static' current='8'>32</vcpu>" },
      { kind: 'added', text: `  <vcpu placement='static' current='8'>${socketsMax * 2}</vcpu>` },
      { kind: 'same', text: '  <vcpus>' },
      { kind: 'same', text: "    <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>" },
      { kind: 'removed', text: "    <vcpu id='1' enabled='yes' hotpluggable='no' order='2'/>" },
      { kind: 'added', text: "    <vcpu id='1' enabled='yes' hotpluggable='yes' order='2'/>" },
      { kind: 'gap', text: '118' },
    ],
    undo: true,
  }
}

/** Removable vCPUs that the next boot would make fixed, and a stored definition that differs. */
export function forecastFor(vm: Vm): NextBootForecast {
  return {
    vm: vm.uuid,
    rev: vm.rev,
    vcpus: vm.vcpus.map(({ id, hotpluggable, state }) => ({
      id,
      ...(vm.status === 'down'
        ? {}
        : { now: state === 'absent' ? ('absent' as const) : hotpluggable ? 'removable' : 'fixed' }),
      nextBoot: id < 12 ? ('fixed' as const) : ('absent' as const),
    })),
    becomeFixed: [4, 5, 6, 7],
    becomeRemovable: [],
    warnings: [
      'vCPU 4-7 can be removed now and will be fixed after the next boot: the stored definition does not mark them hot-pluggable.',
    ],
    changes: [
      { what: 'sockets', now: '4', next: '6' },
      { what: 'vcpus', now: '8', next: '12' },
    ],
  }
}
