import { diffPatch } from '@coreshift/shared'
import type { Vm, VmSummary } from '@coreshift/shared/contract'
import type { DomainSnapshot } from './domain-snapshot.ts'
import type { VmChange } from './vm-directory.ts'
import { isOnlyLoad, withLoad, type VmLoad } from './vm-load.ts'
import { buildVm, summaryOf, type VmContext } from './vm-model.ts'

interface Shown {
  /** With the load figures of when it was built. */
  readonly vm: Vm
  readonly summary: VmSummary
  /** Newer figures. */
  readonly load?: VmLoad
  /** The VM with the newer figures, once somebody asked for it. */
  newest?: Vm
}

/** The VMs as the doors see them, with revisions that grow only when something is different. */
export class ShownVms {
  readonly #shown = new Map<string, Shown>()
  readonly #listeners = new Set<(uuid: string, what: VmChange) => void>()
  #rev = 0

  /** Grows with every change of any VM. */
  get rev(): number {
    return this.#rev
  }

  get(uuid: string): Vm | undefined {
    const shown = this.#shown.get(uuid)
    if (!shown?.load) return shown?.vm
    return (shown.newest ??= withLoad(shown.vm, shown.load))
  }

  summary(uuid: string): VmSummary | undefined {
    return this.#shown.get(uuid)?.summary
  }

  list(): readonly VmSummary[] {
    return [...this.#shown.values()].map(({ summary }) => summary)
  }

  onChange(listener: (uuid: string, what: VmChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Builds the VM again. */
  show(snapshot: DomainSnapshot, context: VmContext): void {
    const before = this.get(snapshot.uuid)
    this.#put(before, buildVm(snapshot, context, before?.rev ?? 0))
  }

  /**
   * New load figures of a running VM; everything else is as it was. The figures of each vCPU are put into the VM when it
   * is looked at: a fleet has new ones every second, and hardly anybody looks.
   */
  showLoad(uuid: string, load: VmLoad): void {
    const before = this.#shown.get(uuid)
    if (!before) return
    const { vm } = before
    const summary =
      before.summary.loadPercent === load.percent
        ? before.summary
        : { ...before.summary, loadPercent: load.percent }
    this.#shown.set(uuid, { vm, summary, load })
    this.#tell(uuid, 'load')
  }

  drop(uuid: string): void {
    if (this.#shown.delete(uuid)) this.#tell(uuid, 'state')
  }

  #put(before: Vm | undefined, vm: Vm): void {
    const patch = before && diffPatch(before, vm)
    if (before && patch === undefined) return
    const what = isOnlyLoad(patch) ? 'load' : 'state'
    const next = what === 'load' ? vm : { ...vm, rev: vm.rev + 1 }
    this.#shown.set(vm.uuid, { vm: next, summary: summaryOf(next) })
    this.#tell(vm.uuid, what)
  }

  #tell(uuid: string, what: VmChange): void {
    this.#rev += 1
    for (const listener of this.#listeners) listener(uuid, what)
  }
}
