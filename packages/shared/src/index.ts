export { VCPU_STATES, countsAsPresent, needsAttention, type VcpuState } from './vcpu-state.ts'
export { VM_STATUSES, allowsSocketsEdit, hasLiveMachine, type VmStatus } from './vm-status.ts'
export {
  ACKNOWLEDGEABLE_CODES,
  REFUSAL_CODES,
  UNLOCKS,
  isAcknowledgeable,
  type AcknowledgeableCode,
  type Refusal,
  type RefusalCode,
  type Unlock,
} from './refusal-code.ts'
export {
  OPERATION_KINDS,
  OPERATION_STATES,
  RESIZE_MODES,
  isEnded,
  isOpen,
  isSettled,
  isWaitingForGuest,
  type OperationKind,
  type OperationState,
  type ResizeMode,
} from './operation-state.ts'
export {
  DEFAULT_POLICIES,
  POLICY_ENDINGS,
  POLICY_PRESETS,
  deadlineOfAttempt,
  type PolicyEnding,
  type PolicyPreset,
  type ResizePolicy,
} from './resize-policy.ts'
export {
  defaultTopology,
  hotplugUnitSize,
  placeOf,
  socketsOf,
  unitOf,
  vcpuIdsOfSocket,
  vcpusOf,
  vcpusPerSocket,
  type CpuTopology,
  type VcpuPlace,
} from './cpu-topology.ts'
export { formatVcpuRanges } from './vcpu-ranges.ts'
export { formatDuration } from './duration.ts'
export { applyPatch, diffPatch, type Json } from './keyed-merge-patch.ts'
export {
  SelectionLadder,
  selectChosenVcpus,
  selectVcpusForCount,
  type ChosenProblem,
  type SelectionProblem,
  type VcpuSelection,
} from './sockets-rules/select-vcpus.ts'
export { minLiveSockets, socketsOptions } from './sockets-rules/sockets-options.ts'
export { judgeSockets, type JudgeOptions, type SocketsWish } from './sockets-rules/judge-sockets.ts'
export { mayProceed, type SocketsVerdict } from './sockets-rules/verdict.ts'
export { hostCpuWarning, type SizeWarning } from './sockets-rules/size-reasons.ts'
export { matrixArchOf, platformSupport, type PlatformSupport } from './guest-os/platform-support.ts'
export type { DefinitionFacts, OpenResizeFacts, VcpuFacts, VmFacts } from './sockets-rules/vm-facts.ts'
export {
  MATRIX_EVIDENCE,
  MATRIX_FAMILIES,
  type EditionMatch,
  type GuestKey,
  type GuestSupport,
  type MatrixEdit,
  type MatrixEvidence,
  type MatrixFamily,
  type MatrixRow,
  type VersionMatch,
} from './guest-os/matrix-row.ts'
export { findInMatrix, type MatrixAnswer } from './guest-os/matrix-answer.ts'
export type { AgentOs, DetectedSystem, DetectionRules } from './guest-os/detection-rules.ts'
export { guestOsMatrix, type GuestOsEvidence, type GuestOsMatrix } from './guest-os/guest-os-matrix.ts'
export {
  proposeCeiling,
  type CeilingBound,
  type CeilingProposal,
  type PreparationFacts,
} from './prepare/ceiling.ts'
export { changedDefinition, type DefinitionWish } from './prepare/changed-definition.ts'
export { planPreparation, type PreparationPlan, type PreparationWish } from './prepare/plan-preparation.ts'
export {
  PREPARATION_WARNINGS,
  type CeilingCost,
  type PreparationWarning,
  type PreparationWarningCode,
} from './prepare/preparation-warnings.ts'
export {
  REMOVABILITIES,
  forecastRemovability,
  type Removability,
  type RemovabilityForecast,
  type VcpuForecast,
} from './prepare/removability.ts'
export { nextBootDifference, type NextBootChange } from './prepare/next-boot-difference.ts'
export { minSocketsOf } from './sockets-rules/sockets-options.ts'
export { versionInWords } from './guest-os/version-words.ts'
export { standingNextBootReasons } from './sockets-rules/standing-reasons.ts'
