import { formatVcpuList, parseVcpuList } from '@coreshift/libvirt'
import type { XmlElement } from 'libxml2-wasm'
import { childElement, childElements } from './domain-document.ts'

function cellsOf(domain: XmlElement): XmlElement[] {
  const cpu = childElement(domain, 'cpu')
  const numa = cpu && childElement(cpu, 'numa')
  return numa ? childElements(numa, 'cell') : []
}

/** The vCPUs of each of the guest's NUMA cells; `null` for a cell that has memory only. */
export function readNumaCells(domain: XmlElement): (string | null)[] {
  return cellsOf(domain).map((cell) => cell.attr('cpus')?.value ?? null)
}

/** Puts the vCPUs back into the cells that they were read from, unless there are other cells by now. */
export function putBackNumaCells(domain: XmlElement, kept: readonly (string | null)[]): void {
  const cells = cellsOf(domain)
  if (cells.length !== kept.length) return
  kept.forEach((cpus, index) => {
    if (cpus === null) cells[index]?.attr('cpus')?.remove()
    else cells[index]?.setAttr('cpus', cpus)
  })
}

/**
 * Takes vCPUs that there is no longer room for out of the guest's NUMA cells: libvirt puts new ones into cell 0 by
 * itself, and refuses a definition whose cells name more than there are (12.8.0: "Number of CPUs in <numa> exceeds the
 * <vcpu> count").
 */
export function trimNumaCells(domain: XmlElement, maximum: number): void {
  for (const cell of cellsOf(domain)) {
    const cpus = cell.attr('cpus')
    if (!cpus) continue
    const named = parseVcpuList(cpus.value)
    const left = named.filter((id) => id < maximum)
    if (left.length === named.length) continue
    // A cell without CPUs has memory only.
    if (left.length === 0) cpus.remove()
    else cell.setAttr('cpus', formatVcpuList(left))
  }
}
