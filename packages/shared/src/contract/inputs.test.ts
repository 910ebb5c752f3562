import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as contract from './index.ts'

interface InputTable {
  readonly name: string
  readonly schema: z.ZodType
  readonly accepted: readonly unknown[]
  readonly refused: readonly { readonly title: string; readonly input: unknown; readonly path?: string }[]
}

const UUID = '27fe1c41-4d1a-4ab0-a08e-fd318a488aab'
const NOW = '2026-11-22T12:03:04.123Z'
const policy = { deadlineMs: 30_000, attempts: 2, ending: 'reconcile' }
const edit = { row: 'debian-13-x86_64', plug: '+', unplug: '-', reason: 'hangs' }

const tables: readonly InputTable[] = [
  {
    name: 'ResizeRequest',
    schema: contract.ResizeRequest,
    accepted: [
      { sockets: 4 },
      { sockets: 0 },
      { removeVcpus: [4, 5], mode: 'both', policy: 'strict' },
      { sockets: 2, policy, acknowledge: ['unverified-guest-os'], replaces: UUID, rev: 7 },
    ],
    refused: [
      { title: 'neither sockets nor vCPUs', input: {} },
      { title: 'both sockets and vCPUs', input: { sockets: 2, removeVcpus: [3] } },
      { title: 'a fraction', input: { sockets: 1.5 }, path: 'sockets' },
      { title: 'text', input: { sockets: '4' }, path: 'sockets' },
      { title: 'a negative number', input: { sockets: -1 }, path: 'sockets' },
      { title: 'no vCPU at all', input: { removeVcpus: [] }, path: 'removeVcpus' },
      { title: 'a negative vCPU', input: { removeVcpus: [-1] }, path: 'removeVcpus.0' },
      { title: 'an unknown mode', input: { sockets: 2, mode: 'now' }, path: 'mode' },
      { title: 'an unknown policy', input: { sockets: 2, policy: 'patient' }, path: 'policy' },
      {
        title: 'a policy without end',
        input: { sockets: 2, policy: { ...policy, attempts: 1000 } },
        path: 'policy.attempts',
      },
      {
        title: 'an acknowledgement of what cannot be acknowledged',
        input: { sockets: 2, acknowledge: ['vcpu-pinned'] },
        path: 'acknowledge.0',
      },
      { title: 'an unknown member', input: { sockets: 2, force: true } },
      { title: 'nothing', input: null },
    ],
  },
  {
    name: 'VmPatch',
    schema: contract.VmPatch,
    accepted: [{}, { description: '' }, { sockets: 3 }, { guestOs: null }, { guestOs: 'rhel-9-x86_64' }],
    refused: [
      { title: 'a fraction', input: { sockets: 2.5 }, path: 'sockets' },
      { title: 'a description without end', input: { description: 'x'.repeat(9000) }, path: 'description' },
      { title: 'an unknown member', input: { cores: 2 } },
    ],
  },
  {
    name: 'PrepareInput',
    schema: contract.PrepareInput,
    accepted: [{}, { socketsMax: 16, sockets: 2, removable: true }, { shape: { cores: 2, threads: 2 } }],
    refused: [
      { title: 'no sockets', input: { sockets: 0 }, path: 'sockets' },
      { title: 'half a core', input: { shape: { cores: 0.5 } }, path: 'shape.cores' },
      { title: 'sockets as part of a socket', input: { shape: { sockets: 2 } }, path: 'shape' },
      { title: 'an unknown member', input: { maximum: 4 } },
    ],
  },
  {
    name: 'GuestOsMatrixInput',
    schema: contract.GuestOsMatrixInput,
    accepted: [{ edits: [] }, { edits: [edit], rev: 3 }, { edits: [{ ...edit, by: 'ann', at: NOW }] }],
    refused: [
      { title: 'no reason', input: { edits: [{ ...edit, reason: '  ' }] }, path: 'edits.0.reason' },
      { title: 'a value that is none', input: { edits: [{ ...edit, plug: '?' }] }, path: 'edits.0.plug' },
      { title: 'a row twice', input: { edits: [edit, edit] }, path: 'edits' },
      { title: 'an unknown member', input: { edits: [{ ...edit, note: 'x' }] }, path: 'edits.0' },
    ],
  },
  {
    name: 'PowerInput',
    schema: contract.PowerInput,
    accepted: contract.POWER_ACTIONS.map((action) => ({ action })),
    refused: [{ title: 'an unknown action', input: { action: 'explode' }, path: 'action' }],
  },
  {
    name: 'HostInput',
    schema: contract.HostInput,
    accepted: [{ name: 'lab', uri: 'qemu:///system' }],
    refused: [
      { title: 'a name with a blank inside', input: { name: 'my lab', uri: 'qemu:///system' }, path: 'name' },
      { title: 'no address', input: { name: 'lab', uri: ' ' }, path: 'uri' },
    ],
  },
  {
    name: 'UserInput',
    schema: contract.UserInput,
    accepted: [{ name: 'ann', password: 'long enough', role: 'operator' }],
    refused: [
      {
        title: 'a short password',
        input: { name: 'ann', password: 'short', role: 'admin' },
        path: 'password',
      },
      {
        title: 'an unknown role',
        input: { name: 'ann', password: 'long enough', role: 'root' },
        path: 'role',
      },
      {
        title: 'a name with a blank',
        input: { name: 'a b', password: 'long enough', role: 'admin' },
        path: 'name',
      },
    ],
  },
  {
    name: 'WatchRequest',
    schema: contract.WatchRequest,
    accepted: [{ topic: 'fleet' }, { topic: `vm:${UUID}`, held: { feed: 'f1', rev: 3 } }],
    refused: [
      { title: 'an unknown topic', input: { topic: 'everything' }, path: 'topic' },
      { title: 'a VM that is no uuid', input: { topic: 'vm:1' }, path: 'topic' },
      {
        title: 'a negative revision',
        input: { topic: 'fleet', held: { feed: 'f1', rev: -1 } },
        path: 'held.rev',
      },
    ],
  },
  {
    name: 'PageLimit',
    schema: contract.PageLimit,
    accepted: ['1', '1000', 50, undefined],
    refused: [
      { title: 'none', input: '0' },
      { title: 'too many', input: '1001' },
      { title: 'text', input: 'all' },
    ],
  },
]

describe.each(tables)('$name', ({ schema, accepted, refused }) => {
  it.each(accepted.map((input) => ({ input })))('accepts $input', ({ input }) => {
    expect(schema.safeParse(input).error).toBeUndefined()
  })

  it.each(refused)('refuses $title', ({ input, path }) => {
    const { issues } = schema.safeParse(input).error ?? { issues: [] }
    expect(issues.map((issue) => issue.path.join('.'))).toContain(path ?? '')
  })
})

const schemas = Object.entries<unknown>(contract).flatMap(([name, value]) =>
  value instanceof z.ZodType ? [{ name, schema: value }] : [],
)

describe('every schema of the contract', () => {
  it.each(schemas)('$name holds only what JSON can carry', ({ schema }) => {
    expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' })).toBeTypeOf('object')
  })

  it('has a name of its own in the API document', () => {
    const ids = schemas.map(({ schema }) => schema.meta()?.id).filter((id) => id !== undefined)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
