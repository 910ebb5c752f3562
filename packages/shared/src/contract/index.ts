export { ACKNOWLEDGEABLE_CODES } from '../refusal-code.ts'
export { Cursor, Instant, PageLimit, Uuid, VcpuId } from './primitives.ts'
export { PROBLEM_CODES, Problem, Reason, type ProblemCode } from './problem.ts'
export { HOST_STATES, Host, HostInput, HostList, HostTestResult } from './host.ts'
export {
  CpuTopology,
  GUEST_OS_SOURCES,
  GUEST_SUPPORT_VALUES,
  GuestOs,
  POWER_ACTIONS,
  PowerInput,
  TopologyView,
  Vcpu,
  Vm,
  VmList,
  VmPatch,
  VmSummary,
  type GuestSupportValue,
  type PowerAction,
} from './vm.ts'
export { SocketsOption, SocketsOptions, Verdict } from './sockets-options.ts'
export {
  Actor,
  Operation,
  OperationList,
  OperationVcpu,
  ResizePlan,
  ResizePolicy,
  ResizeRequest,
  TimelineStep,
  type ResizePolicyInput,
  type ResizeRequestInput,
} from './resize.ts'
export { AUDIT_OUTCOMES, AuditEntry, AuditList, AuditVerification } from './audit.ts'
export {
  FirstRunInput,
  Password,
  ROLES,
  Role,
  Session,
  SessionInfo,
  SessionList,
  SignInInput,
  Token,
  TokenCreated,
  TokenInput,
  TokenList,
  User,
  UserInput,
  UserList,
  UserName,
  UserPatch,
} from './identity.ts'
export {
  LIVE_END_REASONS,
  Topic,
  UnwatchRequest,
  WatchRequest,
  type LiveChange,
  type LiveClientToServer,
  type LiveEndReason,
  type LiveServerToClient,
  type TopicSnapshots,
  type WatchAnswer,
} from './live.ts'
export { VmChange } from './vm-change.ts'
export { Settings } from './settings.ts'
export {
  GUEST_OS_EDITS_MAX,
  GuestOsEdit,
  GuestOsExperience,
  GuestOsMatrixInput,
  GuestOsMatrixView,
  GuestOsRow,
} from './guest-os.ts'
export { DefinitionSummary, NextBootForecast, PrepareInput, PreparePlan } from './prepare.ts'
