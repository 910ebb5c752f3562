import {
  planPreparation,
  standingNextBootReasons,
  type PreparationFacts,
  type PreparationPlan,
  type PreparationWish,
} from '@coreshift/shared'
import type { Actor, NextBootForecast, PrepareInput, PreparePlan, Reason } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { KeptDefinition } from './keep-definition.ts'
import type { DifferenceLine } from './line-difference.ts'
import { nextBootForecastView, preparePlanView } from './prepare-view.ts'
import { previewDefinition, previewUndo } from './preview-definition.ts'

/** The VMs, as preparing needs them. */
export interface PreparePort {
  /** What is known now; `undefined` for a VM that does not exist. */
  facts(vmUuid: string): PreparationFacts | undefined
  /** Reads the VM again, so that `facts` are those of now. A host that cannot be asked is no error here. */
  readAgain(vmUuid: string): Promise<void>
  /**
   * The stored definition's XML.
   * @param withSecrets with the passwords of consoles, which a definition loses when it is stored without them
   */
  storedXml(vmUuid: string, options: { readonly withSecrets: boolean }): Promise<string>
  /** Stores a definition. Throws what libvirt answers. */
  define(vmUuid: string, xml: string): Promise<void>
  /** Has the VM read again soon, so that everybody sees the change. Does not throw. */
  refresh(vmUuid: string): void
}

/** Durable home of what an undo puts back, one per VM. */
export interface KeptDefinitions {
  read(vmUuid: string): Promise<KeptDefinition | undefined>
  write(vmUuid: string, kept: KeptDefinition | undefined): Promise<void>
}

/** What the doors may ask about preparing a VM for live resize. All methods throw `not-found`. */
export interface PrepareDesk {
  forecast(vmUuid: string): NextBootForecast
  /** What preparing would do; changes nothing. */
  plan(vmUuid: string, input: PrepareInput): Promise<PreparePlan>
  /** Throws `refused` with every reason, `stale-revision`, `conflict` when there is nothing to change. */
  prepare(vmUuid: string, input: PrepareInput, actor: Actor, requestId?: string): Promise<PreparePlan>
  /** What an undo would change in the XML; empty lines when there is nothing to undo. */
  planUndo(vmUuid: string): Promise<readonly DifferenceLine[]>
  /** Throws `conflict` when there is nothing to undo. */
  undo(vmUuid: string, actor: Actor, requestId?: string): Promise<void>
}

export interface PrepareDeskOptions {
  readonly vms: PreparePort
  readonly kept: KeptDefinitions
  readonly audit: { append(draft: AuditDraft): Promise<unknown> }
  /** ISO instant of now. */
  readonly now: () => string
}

function wishOf({ rev: _rev, ...input }: PrepareInput): PreparationWish {
  const { shape, ...rest } = input
  const defined = <T extends object>(fields: T) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { ...defined(rest), ...(shape && { shape: defined(shape) }) }
}

function refused(reasons: readonly Reason[]): Failure {
  return new Failure('refused', reasons[0]?.message ?? 'The VM cannot be prepared now.', { reasons })
}

export function createPrepareDesk({ vms, kept, audit, now }: PrepareDeskOptions): PrepareDesk {
  function factsOf(vmUuid: string): PreparationFacts {
    const facts = vms.facts(vmUuid)
    if (!facts) throw new Failure('not-found', `There is no VM ${vmUuid}.`)
    return facts
  }

  async function viewOf(facts: PreparationFacts, plan: PreparationPlan): Promise<PreparePlan> {
    const { uuid } = facts.vm
    const undo = (await kept.read(uuid)) !== undefined
    // Without secrets: this is for showing.
    const difference =
      plan.allowed && plan.to
        ? previewDefinition(await vms.storedXml(uuid, { withSecrets: false }), plan.to).difference
        : []
    return preparePlanView(facts.vm, plan, { difference, undo })
  }

  /** Stores a definition and says in the audit how it went. `onFailure` runs when libvirt did not take it. */
  async function define(
    facts: PreparationFacts,
    xml: string,
    entry: Pick<AuditDraft, 'action' | 'actor' | 'message' | 'detail' | 'requestId'>,
    onFailure: () => Promise<void>,
  ): Promise<void> {
    const draft = { ...entry, vm: facts.vm.uuid, vmName: facts.vm.name }
    try {
      await vms.define(facts.vm.uuid, xml)
    } catch (error) {
      await onFailure()
      const words = error instanceof Error ? error.message : String(error)
      await audit.append({
        ...draft,
        at: now(),
        outcome: 'failed',
        message: `${entry.message} Failed: ${words}`,
      })
      throw error
    }
    vms.refresh(facts.vm.uuid)
    await audit.append({ ...draft, at: now(), outcome: 'done' })
  }

  return {
    forecast: (vmUuid) => nextBootForecastView(factsOf(vmUuid).vm),

    async plan(vmUuid, input) {
      const facts = factsOf(vmUuid)
      return viewOf(facts, planPreparation(facts, wishOf(input)))
    },

    async prepare(vmUuid, input, actor, requestId) {
      await vms.readAgain(vmUuid)
      const facts = factsOf(vmUuid)
      if (input.rev !== undefined && input.rev !== facts.vm.rev) {
        throw new Failure('stale-revision', 'The VM changed since the plan was made; look at the plan again.')
      }
      const plan = planPreparation(facts, wishOf(input))
      if (!plan.allowed || !plan.to) throw refused(plan.reasons)
      const view = await viewOf(facts, plan)
      if (view.xml.length === 0) {
        throw new Failure(
          'conflict',
          'The stored definition already is as wished; there is nothing to change.',
        )
      }
      const edit = previewDefinition(await vms.storedXml(vmUuid, { withSecrets: true }), plan.to)
      const before = await kept.read(vmUuid)
      // Kept before the change, so that no crash leaves a change that cannot be undone.
      await kept.write(vmUuid, edit.kept)
      const entry = {
        action: 'vm.prepared',
        actor,
        message: `Prepared for live resize. ${plan.changes.join(' ')}`,
        detail: { from: view.from, to: view.to },
        ...(requestId !== undefined && { requestId }),
      }
      await define(facts, edit.xml, entry, () => kept.write(vmUuid, before))
      return { ...view, undo: true }
    },

    async planUndo(vmUuid) {
      factsOf(vmUuid)
      const parts = await kept.read(vmUuid)
      if (!parts) return []
      return previewUndo(await vms.storedXml(vmUuid, { withSecrets: false }), parts).difference
    },

    async undo(vmUuid, actor, requestId) {
      await vms.readAgain(vmUuid)
      const facts = factsOf(vmUuid)
      const standing = standingNextBootReasons(facts.vm)
      if (standing.length > 0) throw refused(standing)
      const parts = await kept.read(vmUuid)
      const edit = parts && previewUndo(await vms.storedXml(vmUuid, { withSecrets: true }), parts)
      if (!edit || edit.difference.length === 0) {
        throw new Failure('conflict', 'There is no preparation to undo.')
      }
      const entry = {
        action: 'vm.preparation-undone',
        actor,
        message: 'The preparation for live resize was undone.',
        ...(requestId !== undefined && { requestId }),
      }
      await define(facts, edit.xml, entry, () => Promise.resolve())
      await kept.write(vmUuid, undefined)
    },
  }
}
