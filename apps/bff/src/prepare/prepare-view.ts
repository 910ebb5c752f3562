import {
  formatVcpuRanges,
  forecastRemovability,
  nextBootDifference,
  type DefinitionFacts,
  type PreparationPlan,
  type VmFacts,
} from '@coreshift/shared'
import type { DefinitionSummary, NextBootForecast, PreparePlan } from '@coreshift/shared/contract'
import type { DifferenceLine } from './line-difference.ts'

function definitionSummary(definition: DefinitionFacts): DefinitionSummary {
  const present = definition.vcpus.filter((vcpu) => vcpu.enabled)
  const ranges = (hotpluggable: boolean) =>
    formatVcpuRanges(present.filter((vcpu) => vcpu.hotpluggable === hotpluggable).map((vcpu) => vcpu.id))
  return {
    topology: { ...definition.topology },
    topologyDeclared: definition.topologyDeclared,
    maximum: definition.maximum,
    vcpuCount: present.length,
    fixed: ranges(false),
    removable: ranges(true),
  }
}

/** A plan as the API answers it. */
export function preparePlanView(
  vm: VmFacts,
  plan: PreparationPlan,
  shown: { readonly difference: readonly DifferenceLine[]; readonly undo: boolean },
): PreparePlan {
  return {
    vm: vm.uuid,
    rev: vm.rev,
    allowed: plan.allowed,
    reasons: [...plan.reasons],
    proposal: { ...plan.proposal, bounds: plan.proposal.bounds.map((bound) => ({ ...bound })) },
    ...(plan.cost && { cost: { ...plan.cost } }),
    removable: plan.removable,
    ...(plan.from && { from: definitionSummary(plan.from) }),
    ...(plan.to && { to: definitionSummary(plan.to) }),
    changes: [...plan.changes],
    warnings: plan.warnings.map((warning) => ({ ...warning })),
    ...(plan.liveRange && { liveRange: { ...plan.liveRange } }),
    takesEffect: plan.takesEffect,
    xml: shown.difference.map((line) => ({ ...line })),
    undo: shown.undo,
  }
}

/** What each vCPU slot is good for and what the next boot changes, as the API answers it. */
export function nextBootForecastView(vm: VmFacts): NextBootForecast {
  const { vcpus, becomeFixed, becomeRemovable, warnings } = forecastRemovability(vm)
  return {
    vm: vm.uuid,
    rev: vm.rev,
    vcpus: vcpus.map((vcpu) => ({ ...vcpu })),
    becomeFixed: [...becomeFixed],
    becomeRemovable: [...becomeRemovable],
    warnings: [...warnings],
    changes: nextBootDifference(vm).map((change) => ({ ...change })),
  }
}
