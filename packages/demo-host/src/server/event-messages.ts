import { type DomainEvent, type EventDefinition, TypedParams } from '@coreshift/libvirt'
import {
  agentLifecycle,
  channelLifecycle,
  deviceAdded,
  deviceRemovalFailed,
  deviceRemoved,
  jobCompleted,
  lifecycle,
  metadataChange,
  migrationIteration,
  qemuMonitorEvent,
  reboot,
  tunable,
  vcpuRemoved,
} from '@coreshift/libvirt'
import {
  eventMessage,
  type PacketWriter,
  MessageStatus,
  MessageType,
  PROGRAM_VERSION,
} from '@coreshift/libvirt/wire'
import type { HostEvent } from '../hypervisor/host-event.ts'

/** Events carry this serial, whatever the documentation says (12.8.0). */
const EVENT_SERIAL = 1

/** virDomainEventID of an event. */
export const EVENT_IDS: Readonly<Record<HostEvent['kind'], number>> = {
  lifecycle: 0,
  reboot: 1,
  'device-removed': 15,
  tunable: 17,
  'agent-lifecycle': 18,
  'device-added': 19,
  'migration-iteration': 20,
  'job-completed': 21,
  'device-removal-failed': 22,
  'metadata-change': 23,
  'vcpu-removed': 28,
  'channel-lifecycle': 29,
  // Raw QMP events have a registration of their own.
  'qemu-monitor': -1,
}

/** The packet of an event for one registration. */
export function eventPacket(writer: PacketWriter, event: HostEvent, callbackId: number): Buffer {
  const { domain } = event
  switch (event.kind) {
    case 'lifecycle':
      return message(writer, lifecycle, callbackId, { domain, event: event.event, detail: event.detail })
    case 'reboot':
      return message(writer, reboot, callbackId, { domain })
    case 'tunable':
      return message(writer, tunable, callbackId, { domain, params: TypedParams.of(event.params) })
    case 'agent-lifecycle':
      return message(writer, agentLifecycle, callbackId, { domain, state: event.state, reason: event.reason })
    case 'channel-lifecycle':
      return message(writer, channelLifecycle, callbackId, {
        domain,
        channelName: event.channelName,
        state: event.state,
        reason: event.reason,
      })
    case 'migration-iteration':
      return message(writer, migrationIteration, callbackId, { domain, iteration: event.iteration })
    case 'job-completed':
      return message(writer, jobCompleted, callbackId, { domain, params: TypedParams.of(event.params) })
    case 'device-added':
      return message(writer, deviceAdded, callbackId, { domain, deviceAlias: event.deviceAlias })
    case 'device-removed':
      return message(writer, deviceRemoved, callbackId, { domain, deviceAlias: event.deviceAlias })
    case 'device-removal-failed':
      return message(writer, deviceRemovalFailed, callbackId, { domain, deviceAlias: event.deviceAlias })
    case 'metadata-change':
      return message(writer, metadataChange, callbackId, { domain, type: event.type, uri: event.uri })
    case 'qemu-monitor':
      return message(writer, qemuMonitorEvent, callbackId, {
        domain,
        event: event.event,
        seconds: BigInt(Math.floor(event.atMs / 1000)),
        micros: Math.floor(event.atMs % 1000) * 1000,
        details: event.details,
      })
    case 'vcpu-removed':
      return message(writer, vcpuRemoved, callbackId, { domain, vcpuId: event.vcpuId })
  }
}

function message<E extends DomainEvent>(
  writer: PacketWriter,
  definition: EventDefinition<E>,
  callbackId: number,
  event: E,
): Buffer {
  const header = {
    program: definition.program,
    version: PROGRAM_VERSION,
    procedure: definition.procedure,
    type: MessageType.MESSAGE,
    serial: EVENT_SERIAL,
    status: MessageStatus.OK,
  }
  return writer.packet(header, eventMessage(definition), { callbackId, event })
}
