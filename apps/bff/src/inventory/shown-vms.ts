import { diffPatch } from '@coreshift/shared'
import type { Vm, VmSummary } from '@coreshift/shared/contract'
import type { DomainSnapshot } from './domain-snapshot.ts'
import { isOnlyLoad, withLoad, type VmLoad } from './vm-load.ts'
import { buildVm, summaryOf, type VmContext } from './vm-model.ts'

interface Shown {
  readonly vm: Vm
  readonly summary: VmSummary
}

/** The VMs as the doors see them, with revisions that grow only when something is different. */
export class ShownVms {
  readonly #shown = new Map<string, Shown>()
  readonly #listeners = new Set<(uuid: string) => void>()
  #rev = 0

  /** Grows with every change of any VM. */
  get rev(): number {
    return this.#rev
  }

  get(uuid: string): Vm | undefined {
    return this.#shown.get(uuid)?.vm
  }

  summary(uuid: string): VmSummary | undefined {
    return this.#shown.get(uuid)?.summary
  }

  list(): readonly VmSummary[] {
    return [...this.#shown.values()].map(({ summary }) => summary)
  }

  onChange(listener: (uuid: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Builds the VM again. */
  show(snapshot: DomainSnapshot, context: VmContext): void {
    const before = this.get(snapshot.uuid)
    this.#put(before, buildVm(snapshot, context, before?.rev ?? 0))
  }

  /** New load figures of a running VM; everything else is as it was. */
  showLoad(uuid: string, load: VmLoad): void {
    const before = this.get(uuid)
    if (before) this.#put(before, withLoad(before, load))
  }

  drop(uuid: string): void {
    if (this.#shown.delete(uuid)) this.#tell(uuid)
  }

  #put(before: Vm | undefined, vm: Vm): void {
    const patch = before && diffPatch(before, vm)
    if (before && patch === undefined) return
    const next = isOnlyLoad(patch) ? vm : { ...vm, rev: vm.rev + 1 }
    this.#shown.set(vm.uuid, { vm: next, summary: summaryOf(next) })
    this.#tell(vm.uuid)
  }

  #tell(uuid: string): void {
    this.#rev += 1
    for (const listener of this.#listeners) listener(uuid)
  }
}
