import {
  nextBootDifference,
  planPreparation,
  standingNextBootReasons,
  type NextBootChange,
  type PreparationFacts,
  type PreparationPlan,
  type PreparationWish,
} from '@coreshift/shared'
import type {
  Actor,
  NextBootForecast,
  NextBootRevert,
  PrepareInput,
  PreparePlan,
  Reason,
} from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { VmHolds } from '../inventory/vm-holds.ts'
import type { KeptDefinition } from './keep-definition.ts'
import type { DifferenceLine } from './line-difference.ts'
import { nextBootForecastView, preparePlanView } from './prepare-view.ts'
import { previewDefinition, previewUndo, type DefinitionPreview } from './preview-definition.ts'

/** The VMs, as preparing needs them. */
export interface PreparePort {
  /** What is known now; `undefined` for a VM that does not exist. */
  facts(vmUuid: string): PreparationFacts | undefined
  /** Id of the host that the VM is on, for the audit. */
  hostOf(vmUuid: string): string | undefined
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
  /** What a revert would change: nothing where the next boot changes nothing. */
  planRevert(vmUuid: string): Promise<NextBootRevert>
  /**
   * Gives the stored definition the vCPUs of the running machine, so that the next boot changes none of them.
   * Throws `refused` with every reason, `conflict` when there is nothing to revert.
   */
  revert(vmUuid: string, actor: Actor, requestId?: string): Promise<NextBootRevert>
}

interface PrepareDeskOptions {
  readonly vms: PreparePort
  readonly kept: KeptDefinitions
  /** Shared with the resizes, which build on the same definition. */
  readonly holds: VmHolds
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

/** What whoever wants to change the VM meanwhile is told. */
const UNDER_WAY = 'The stored definition of this VM is just being changed.'

export function createPrepareDesk({ vms, kept, holds, audit, now }: PrepareDeskOptions): PrepareDesk {
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

  /** Whether libvirt has what was to be stored; undefined when it cannot be asked. Its answer may have got lost. */
  async function isStored(
    uuid: string,
    edit: (xml: string) => DefinitionPreview,
  ): Promise<boolean | undefined> {
    try {
      return edit(await vms.storedXml(uuid, { withSecrets: false })).difference.length === 0
    } catch {
      // Why it cannot be asked is what the caller's own failure says.
      return undefined
    }
  }

  /**
   * Stores a definition and says in the audit how it went.
   * @param edit what is to hold afterwards; it changes nothing where it holds
   * @param onRefused runs when it certainly was not stored
   */
  async function define(
    facts: PreparationFacts,
    edit: (xml: string) => DefinitionPreview,
    entry: Pick<AuditDraft, 'action' | 'actor' | 'message' | 'detail' | 'requestId'>,
    onRefused: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { uuid, name } = facts.vm
    const draft = { ...entry, vm: uuid, vmName: name, host: vms.hostOf(uuid) }
    const { xml } = edit(await vms.storedXml(uuid, { withSecrets: true }))
    try {
      await vms.define(uuid, xml)
    } catch (error) {
      const stored = await isStored(uuid, edit)
      if (stored !== true) {
        if (stored === false) await onRefused()
        const words = error instanceof Error ? error.message : String(error)
        const doubt = stored === undefined ? ' Whether libvirt stored it is not known.' : ''
        await audit.append({
          ...draft,
          at: now(),
          outcome: 'failed',
          message: `${entry.message} Failed: ${words}${doubt}`,
        })
        throw error
      }
    }
    vms.refresh(uuid)
    await audit.append({ ...draft, at: now(), outcome: 'done' })
  }

  async function prepare(
    vmUuid: string,
    input: PrepareInput,
    actor: Actor,
    requestId: string | undefined,
  ): Promise<PreparePlan> {
    await vms.readAgain(vmUuid)
    const facts = factsOf(vmUuid)
    if (input.rev !== undefined && input.rev !== facts.vm.rev) {
      throw new Failure('stale-revision', 'The VM changed since the plan was made; look at the plan again.')
    }
    const plan = planPreparation(facts, wishOf(input))
    if (!plan.allowed || !plan.to) throw refused(plan.reasons)
    const view = await viewOf(facts, plan)
    if (view.xml.length === 0) {
      throw new Failure('conflict', 'The stored definition already is as wished; there is nothing to change.')
    }
    const { to } = plan
    const before = await kept.read(vmUuid)
    // Kept before the change, so that no crash leaves a change that cannot be undone.
    await kept.write(vmUuid, previewDefinition(await vms.storedXml(vmUuid, { withSecrets: true }), to).kept)
    const entry = {
      action: 'vm.prepared',
      actor,
      message: `Prepared for live resize. ${plan.changes.join(' ')}`,
      detail: { from: view.from, to: view.to },
      ...(requestId !== undefined && { requestId }),
    }
    await define(
      facts,
      (xml) => previewDefinition(xml, to),
      entry,
      () => kept.write(vmUuid, before),
    )
    return { ...view, undo: true }
  }

  async function undo(vmUuid: string, actor: Actor, requestId: string | undefined): Promise<void> {
    const facts = await changeable(vmUuid)
    const parts = await kept.read(vmUuid)
    const stored = await vms.storedXml(vmUuid, { withSecrets: false })
    if (!parts || previewUndo(stored, parts).difference.length === 0) {
      throw new Failure('conflict', 'There is no preparation to undo.')
    }
    const entry = {
      action: 'vm.preparation-undone',
      actor,
      message: 'The preparation for live resize was undone.',
      ...(requestId !== undefined && { requestId }),
    }
    await define(facts, (xml) => previewUndo(xml, parts), entry)
    await kept.write(vmUuid, undefined)
  }

  function revertView({ vm }: PreparationFacts, xml: string): NextBootRevert {
    const changes = nextBootDifference(vm).map((change) => ({ ...change }))
    const difference = changes.length > 0 && vm.live ? previewDefinition(xml, vm.live).difference : []
    return { vm: vm.uuid, changes, xml: difference.map((line) => ({ ...line })) }
  }

  async function revert(
    vmUuid: string,
    actor: Actor,
    requestId: string | undefined,
  ): Promise<NextBootRevert> {
    const facts = await changeable(vmUuid)
    const { live } = facts.vm
    const view = revertView(facts, await vms.storedXml(vmUuid, { withSecrets: false }))
    if (!live || view.changes.length === 0) {
      throw new Failure('conflict', 'The next boot changes none of the vCPUs; there is nothing to revert.')
    }
    const entry = {
      action: 'vm.next-boot-reverted',
      actor,
      message: `The next boot will be as the running machine is: ${view.changes.map(inWords).join(', ')}.`,
      detail: { changes: view.changes },
      ...(requestId !== undefined && { requestId }),
    }
    await define(facts, (xml) => previewDefinition(xml, live), entry)
    const parts = await kept.read(vmUuid)
    const stored = await vms.storedXml(vmUuid, { withSecrets: false })
    if (parts && previewUndo(stored, parts).difference.length === 0) await kept.write(vmUuid, undefined)
    return view
  }

  /** The VM as it is now, whose stored definition may be changed. */
  async function changeable(vmUuid: string): Promise<PreparationFacts> {
    await vms.readAgain(vmUuid)
    const facts = factsOf(vmUuid)
    const standing = standingNextBootReasons(facts.vm)
    if (standing.length > 0) throw refused(standing)
    return facts
  }

  return {
    forecast: (vmUuid) => nextBootForecastView(factsOf(vmUuid).vm),

    async plan(vmUuid, input) {
      const facts = factsOf(vmUuid)
      return viewOf(facts, planPreparation(facts, wishOf(input)))
    },

    prepare: (vmUuid, input, actor, requestId) =>
      holds.during(vmUuid, UNDER_WAY, () => prepare(vmUuid, input, actor, requestId)),

    async planUndo(vmUuid) {
      factsOf(vmUuid)
      const parts = await kept.read(vmUuid)
      if (!parts) return []
      return previewUndo(await vms.storedXml(vmUuid, { withSecrets: false }), parts).difference
    },

    undo: (vmUuid, actor, requestId) => holds.during(vmUuid, UNDER_WAY, () => undo(vmUuid, actor, requestId)),

    async planRevert(vmUuid) {
      const facts = factsOf(vmUuid)
      const standing = standingNextBootReasons(facts.vm)
      if (standing.length > 0) throw refused(standing)
      return revertView(facts, await vms.storedXml(vmUuid, { withSecrets: false }))
    },

    revert: (vmUuid, actor, requestId) =>
      holds.during(vmUuid, UNDER_WAY, () => revert(vmUuid, actor, requestId)),
  }
}

function inWords({ what, now, next }: NextBootChange): string {
  return `${what} ${now} instead of ${next}`
}
