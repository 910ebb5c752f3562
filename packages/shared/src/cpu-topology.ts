/** Shape of a virtual machine's CPUs. vCPUs = sockets x dies x clusters x cores x threads. */
export interface CpuTopology {
  readonly sockets: number
  readonly dies: number
  readonly clusters: number
  readonly cores: number
  readonly threads: number
}

/** Place of one vCPU inside the topology, each number counted from 0 within its parent. */
export interface VcpuPlace {
  readonly socket: number
  readonly die: number
  readonly cluster: number
  readonly core: number
  readonly thread: number
}

/** vCPUs that one socket carries. */
export function vcpusPerSocket(topology: CpuTopology): number {
  return topology.dies * topology.clusters * topology.cores * topology.threads
}

/** vCPUs of the whole topology, which is the domain's maximum when libvirt was given a topology. */
export function vcpusOf(topology: CpuTopology): number {
  return topology.sockets * vcpusPerSocket(topology)
}

/**
 * What libvirt assumes when the domain has no `<topology>`: one core per socket, as many sockets as vCPUs.
 * @param maximum the domain's maximum number of vCPUs
 */
export function defaultTopology(maximum: number): CpuTopology {
  return { sockets: maximum, dies: 1, clusters: 1, cores: 1, threads: 1 }
}

/** Where libvirt and QEMU put vCPU `id`: threads fill a core, cores a cluster, and so on up to the socket. */
export function placeOf(topology: CpuTopology, id: number): VcpuPlace {
  const thread = id % topology.threads
  let rest = Math.floor(id / topology.threads)
  const core = rest % topology.cores
  rest = Math.floor(rest / topology.cores)
  const cluster = rest % topology.clusters
  rest = Math.floor(rest / topology.clusters)
  const die = rest % topology.dies
  return { socket: Math.floor(rest / topology.dies), die, cluster, core, thread }
}

/** vCPU ids of one socket, lowest first. */
export function vcpuIdsOfSocket(topology: CpuTopology, socket: number): number[] {
  const size = vcpusPerSocket(topology)
  return Array.from({ length: size }, (_, index) => socket * size + index)
}

/**
 * Sockets that a number of vCPUs makes. A count that is no whole number of sockets exists on real hosts and is
 * reported as it is.
 */
export function socketsOf(topology: CpuTopology, vcpus: number): { whole: number; restVcpus: number } {
  const size = vcpusPerSocket(topology)
  return { whole: Math.floor(vcpus / size), restVcpus: vcpus % size }
}

/**
 * vCPUs that are plugged and unplugged together. QEMU's pseries machine moves whole cores with all their
 * threads; x86, s390x and the others move single vCPUs (QEMU documentation, "Virtual CPU hotplug").
 * @param arch libvirt's architecture name, e.g. `ppc64le`
 */
export function hotplugUnitSize(arch: string, topology: CpuTopology): number {
  return arch === 'ppc64' || arch === 'ppc64le' ? topology.threads : 1
}

/** Lowest vCPU id of the unit that carries `id`; QEMU's alias of the unit is `vcpu` plus this id. */
export function unitOf(id: number, unitSize: number): number {
  return id - (id % unitSize)
}
