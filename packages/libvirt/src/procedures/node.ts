import { CPU_MAP_BYTES_MAX } from '../domain/cpu-map.ts'
import { bytes, fixedCharWords, i32, u32, u64 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import { procedure } from './procedure.ts'

/** CPU model, memory (KiB) and CPU topology of the host. */
export const nodeGetInfo = procedure({
  number: 6,
  name: 'virNodeGetInfo',
  since: '0.3.0',
  args: empty,
  result: struct({
    model: fixedCharWords(32),
    memoryKib: u64,
    cpus: i32,
    mhz: i32,
    nodes: i32,
    sockets: i32,
    cores: i32,
    threads: i32,
  }),
})

/** Free memory of the host in bytes. */
export const nodeGetFreeMemory = procedure({
  number: 102,
  name: 'virNodeGetFreeMemory',
  since: '0.3.3',
  args: empty,
  result: struct({ bytes: u64 }),
})

/** Which host CPUs are online; `cpus` is the number of host CPUs. */
export const nodeGetCpuMap = procedure({
  number: 293,
  name: 'virNodeGetCPUMap',
  since: '1.0.0',
  args: struct({ needMap: i32, needOnline: i32, flags: u32 }),
  result: struct({ map: bytes(CPU_MAP_BYTES_MAX), online: u32, cpus: i32 }),
})
