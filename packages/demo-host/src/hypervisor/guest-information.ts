import { GuestInfoTypes, type TypedParam } from '@coreshift/libvirt'
import { loadAt } from '../guest/guest-profile.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { agentFailed, agentTimedOut, withAgent } from './guest-agent.ts'
import { invalid, unsupportedFlags } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'
import { double, int, text, uint } from './params.ts'

/** Types that this agent cannot answer: asked for alone they are an error, asked for with others they are left out. */
const UNKNOWN_TO_AGENT: Readonly<Record<number, string>> = {
  [GuestInfoTypes.DEVICES]: 'guest-get-devices',
}

/** What the guest agent tells about the guest (virDomainGetGuestInfo). Throws LibvirtFault. */
export function readGuestInfo(
  host: DemoHost,
  domain: Domain,
  types: number,
  flags: number,
): Promise<TypedParam[]> {
  if (flags !== 0) throw unsupportedFlags(flags, 'qemuDomainGetGuestInfo')
  let known = 0x7f
  if (host.features.knows('11.2.0')) known |= GuestInfoTypes.LOAD
  if (host.features.knows('12.7.0')) known |= GuestInfoTypes.DEVICES
  if ((types & ~known) !== 0) {
    throw invalid(`unsupported guest information types '0x${((types & ~known) >>> 0).toString(16)}'`)
  }
  const refused = UNKNOWN_TO_AGENT[types]
  const wanted = types === 0 ? known : types
  return withAgent(host, domain, (machine) => {
    if (refused !== undefined) throw agentFailed(host, refused, `The command ${refused} has not been found`)
    return [
      ...(wanted & GuestInfoTypes.USERS ? [uint('user.count', 0)] : []),
      ...(wanted & GuestInfoTypes.OS ? systemParams(domain) : []),
      ...(wanted & GuestInfoTypes.TIMEZONE ? [text('timezone.name', 'UTC'), int('timezone.offset', 0)] : []),
      ...(wanted & GuestInfoTypes.HOSTNAME ? [text('hostname', domain.guest.hostname)] : []),
      ...(wanted & GuestInfoTypes.FILESYSTEM ? [uint('fs.count', 0)] : []),
      ...(wanted & GuestInfoTypes.DISKS ? [uint('disk.count', 0)] : []),
      ...(wanted & GuestInfoTypes.INTERFACES ? INTERFACES : []),
      ...(wanted & GuestInfoTypes.LOAD ? loadParams(host, domain, machine) : []),
    ]
  })
}

function systemParams(domain: Domain): TypedParam[] {
  const { system } = domain.guest
  const fields: [string, string | undefined][] = [
    ['os.id', system.id],
    ['os.name', system.name],
    ['os.pretty-name', system.prettyName],
    ['os.version', system.version],
    ['os.version-id', system.versionId],
    ['os.machine', system.machine],
    ['os.variant', system.variant],
    ['os.variant-id', system.variantId],
    ['os.kernel-release', system.kernelRelease],
    ['os.kernel-version', system.kernelVersion],
  ]
  return fields.flatMap(([field, value]) => (value === undefined ? [] : [text(field, value)]))
}

const INTERFACES: readonly TypedParam[] = [
  uint('if.count', 1),
  text('if.0.name', 'lo'),
  text('if.0.hwaddr', '00:00:00:00:00:00'),
  uint('if.0.addr.count', 1),
  text('if.0.addr.0.type', 'ipv4'),
  text('if.0.addr.0.addr', '127.0.0.1'),
  uint('if.0.addr.0.prefix', 8),
]

function loadParams(host: DemoHost, domain: Domain, machine: Machine): TypedParam[] {
  const now = host.clock.now()
  const online = machine.guestOnline.reduce((sum, each) => sum + each, 0)
  const average = (minutes: number): number => {
    const load = loadAt(domain.guest.load, domain.seed, 0, now - minutes * 30_000)
    return Math.round(load * online * 100) / 100
  }
  return [double('load.1m', average(1)), double('load.5m', average(5)), double('load.15m', average(15))]
}

/** Host name as the agent says it (virDomainGetHostname). */
export function readGuestHostname(host: DemoHost, domain: Domain): Promise<string> {
  return withAgent(host, domain, () => domain.guest.hostname)
}

/** A raw command to the agent: the few that exist here. Throws LibvirtFault. */
export function runAgentCommand(
  host: DemoHost,
  domain: Domain,
  json: string,
  timeoutSeconds: number,
): Promise<string> {
  if (timeoutSeconds < -2)
    throw invalid(`guest agent timeout '${timeoutSeconds}' is less than the minimum '-2'`)
  let command: string
  try {
    const parsed: unknown = JSON.parse(json)
    command = commandName(parsed)
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(`failed to parse JSON: ${error.message}`)
    throw error
  }
  return withAgent(host, domain, (machine) => {
    if (timeoutSeconds === 0) throw agentTimedOut(host, 0)
    switch (command) {
      case 'guest-ping':
      case 'guest-sync':
        return JSON.stringify({ return: {} })
      case 'guest-get-host-name':
        return JSON.stringify({ return: { 'host-name': domain.guest.hostname } })
      case 'guest-get-vcpus':
        return JSON.stringify({
          return: [...machine.qemuHas.keys()]
            .filter((id) => machine.qemuHas[id] === 1)
            .map((id) => ({
              online: machine.guestOnline[id] === 1,
              'can-offline': id !== 0,
              'logical-id': id,
            })),
        })
      default:
        throw agentFailed(host, command, `The command ${command} has not been found`)
    }
  })
}

function commandName(parsed: unknown): string {
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('execute' in parsed) ||
    typeof parsed.execute !== 'string'
  ) {
    throw invalid('missing execute name in agent command')
  }
  return parsed.execute
}
