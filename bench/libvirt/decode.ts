import { connectGetAllDomainStats, type TypedParam, TypedParams } from '../../packages/libvirt/src/index.ts'
import { XdrReader, XdrWriter } from '../../packages/libvirt/src/wire.ts'

const DOMAINS = 1000
const VCPUS = 16

/** Time to decode one reply with the statistics of 1,000 domains of 16 vCPUs each, in milliseconds, `rounds` times. */
export function decodeRounds(rounds: number): {
  readonly ms: number[]
  readonly params: number
  readonly bytes: number
} {
  const writer = new XdrWriter()
  const records = Array.from({ length: DOMAINS }, (_, i) => ({
    domain: { name: `vm-${i}`, uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, id: i },
    params: domainParams(i),
  }))
  connectGetAllDomainStats.result.encode(writer, { records })
  const bytes = writer.take()
  const reader = new XdrReader()
  const ms: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    const decoded = connectGetAllDomainStats.result.decode(reader.reset(bytes))
    reader.finish()
    ms.push(performance.now() - startedAt)
    if (decoded.records.at(-1)?.params.get('vcpu.15.time') !== BigInt(DOMAINS - 1))
      throw new Error('decoded wrongly')
  }
  return { ms, params: (records[0]?.params.size ?? 0) * DOMAINS, bytes: bytes.length }
}

function domainParams(i: number): TypedParams {
  const params: TypedParam[] = [
    { field: 'state.state', type: 1, value: 1 },
    { field: 'state.reason', type: 1, value: 1 },
    ...['cpu.time', 'cpu.user', 'cpu.system', 'balloon.current', 'balloon.maximum', 'balloon.rss'].map(
      (field): TypedParam => ({ field, type: 4, value: 1_234_567_890_123n }),
    ),
    { field: 'vcpu.current', type: 2, value: VCPUS },
    { field: 'vcpu.maximum', type: 2, value: VCPUS },
  ]
  for (let id = 0; id < VCPUS; id++) {
    params.push({ field: `vcpu.${id}.state`, type: 1, value: 1 })
    for (const what of ['time', 'wait', 'delay', 'halted']) {
      params.push({ field: `vcpu.${id}.${what}`, type: 4, value: BigInt(i) })
    }
  }
  return TypedParams.of(params)
}
