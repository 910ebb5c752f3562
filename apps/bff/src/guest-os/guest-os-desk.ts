import { guestOsMatrix, type GuestOsMatrix, type MatrixEdit } from '@coreshift/shared'
import type { Actor, GuestOsEdit, GuestOsMatrixInput, GuestOsMatrixView } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import { readGuestOsData } from './guest-os-data.ts'
import { matrixView, type MatrixSurroundings } from './matrix-view.ts'

/** Durable home of the edits. */
export interface GuestOsEditStore {
  read(): Promise<{ readonly edits: readonly GuestOsEdit[]; readonly rev: number }>
  /**
   * Replaces the edits and appends the audit entries in one transaction.
   * @param rev the revision they get
   */
  write(edits: readonly GuestOsEdit[], rev: number, audit: readonly AuditDraft[]): Promise<void>
}

/** The guest OS matrix with the administrators' edits, at hand without waiting. */
export interface GuestOsDesk {
  /** The matrix in force. */
  matrix(): GuestOsMatrix
  view(fleet?: Pick<MatrixSurroundings, 'seen' | 'vms'>): GuestOsMatrixView
  /**
   * Makes these the edits that hold, with an audit entry for each row that changes.
   * Throws `invalid-request` for a row that does not exist, `stale-revision`.
   */
  replace(input: GuestOsMatrixInput, actor: Actor, requestId?: string): Promise<GuestOsMatrixView>
  /** Called after the edits changed. */
  onChange(listener: () => void): () => void
  /** Reads again: another process may have changed them. */
  reload(): Promise<void>
}

interface GuestOsDeskOptions {
  readonly store: GuestOsEditStore
  /** ISO instant of now. */
  readonly now: () => string
}

function saysTheSame(a: Pick<MatrixEdit, 'plug' | 'unplug' | 'reason'>, b: typeof a): boolean {
  return a.plug === b.plug && a.unplug === b.unplug && a.reason === b.reason
}

export async function createGuestOsDesk({ store, now }: GuestOsDeskOptions): Promise<GuestOsDesk> {
  const data = readGuestOsData()
  const names = new Map(data.rows.map((row) => [row.id, `${row.name} (${row.arch})`]))
  const listeners = new Set<() => void>()
  let { edits, rev } = await store.read()
  let matrix = guestOsMatrix(data, edits)

  function adopt(next: { readonly edits: readonly GuestOsEdit[]; readonly rev: number }): void {
    if (next.rev === rev) return
    edits = next.edits
    rev = next.rev
    matrix = guestOsMatrix(data, edits)
    for (const listener of listeners) listener()
  }

  function entriesFor(next: readonly GuestOsEdit[], entry: Pick<AuditDraft, 'at' | 'actor'>): AuditDraft[] {
    const before = new Map(edits.map((edit) => [edit.row, edit]))
    const after = new Map(next.map((edit) => [edit.row, edit]))
    const changed = next.filter((edit) => before.get(edit.row) !== edit)
    const restored = edits.filter((edit) => !after.has(edit.row))
    const nameOf = (row: string) => names.get(row) ?? row
    return [
      ...changed.map((edit) => ({
        ...entry,
        action: 'guest-os.edited',
        outcome: 'done' as const,
        message: `${nameOf(edit.row)}: plug ${edit.plug}, unplug ${edit.unplug}. ${edit.reason}`,
        detail: { row: edit.row, before: before.get(edit.row) ?? 'as shipped', after: edit },
      })),
      ...restored.map((edit) => ({
        ...entry,
        action: 'guest-os.restored',
        outcome: 'done' as const,
        message: `${nameOf(edit.row)}: as shipped again.`,
        detail: { row: edit.row, before: edit },
      })),
    ]
  }

  return {
    matrix: () => matrix,
    view: (fleet = {}) => matrixView(data, { ...fleet, edits, rev }),
    async replace(input, actor, requestId) {
      if (input.rev !== undefined && input.rev !== rev) {
        throw new Failure('stale-revision', 'The matrix was changed since it was read; look at it again.')
      }
      const unknown = input.edits.filter((edit) => !names.has(edit.row)).map((edit) => edit.row)
      if (unknown.length > 0) {
        throw new Failure('invalid-request', `The matrix has no row ${unknown.join(', ')}.`)
      }
      const at = now()
      const before = new Map(edits.map((edit) => [edit.row, edit]))
      const next = input.edits.map(({ row, plug, unplug, reason }): GuestOsEdit => {
        const held = before.get(row)
        const wanted = { row, plug, unplug, reason, by: actor.name, at }
        return held && saysTheSame(held, wanted) ? held : wanted
      })
      const drafts = entriesFor(next, { at, actor }).map((draft) => ({
        ...draft,
        ...(requestId === undefined ? {} : { requestId }),
      }))
      if (drafts.length > 0) {
        await store.write(next, rev + 1, drafts)
        adopt({ edits: next, rev: rev + 1 })
      }
      return matrixView(data, { edits, rev })
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async reload() {
      adopt(await store.read())
    },
  }
}
