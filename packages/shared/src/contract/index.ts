export { ACKNOWLEDGEABLE_CODES } from '../refusal-code.ts'
export { Cursor, Instant, PageLimit, Uuid, VcpuId } from './primitives.ts'
export { PROBLEM_CODES, Problem, Reason, type ProblemCode } from './problem.ts'
export { HOST_STATES, Host, HostCredentials, HostInput, HostList, HostPatch, HostTestResult } from './host.ts'
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
  ChangeOfMind,
  Operation,
  OperationList,
  OperationVcpu,
  POLICY_SOURCES,
  ResizePlan,
  ResizePolicy,
  ResizePolicyOverrides,
  ResizeRequest,
  TimelineStep,
  type ResizePolicyInput,
  type ResizeRequestInput,
} from './resize.ts'
export { AUDIT_OUTCOMES, AuditEntry, AuditList, AuditVerification } from './audit.ts'
export { AccessLimit, LIMIT_HOSTS_MAX } from './access-limit.ts'
export {
  ACCOUNT_SOURCES,
  FirstRunInput,
  OwnPasswordInput,
  Password,
  ROLES,
  Role,
  Session,
  SessionInfo,
  SessionList,
  SIGN_IN_PROBLEMS,
  SignInInput,
  SignInOptions,
  Token,
  TokenCreated,
  TokenInput,
  TokenList,
  User,
  UserInput,
  UserList,
  UserName,
  UserPatch,
  type SignInProblem,
} from './identity.ts'
export {
  PasswordAgain,
  RecoveryCodes,
  TwoFactorCode,
  TwoFactorEnrolment,
  TwoFactorStatus,
} from './two-factor.ts'
export {
  HeldState,
  LIVE_END_REASONS,
  Topic,
  UnwatchRequest,
  WatchRequest,
  type LiveChange,
  type LiveClientToServer,
  type LiveEndReason,
  type LiveNotice,
  type LiveServerToClient,
  type TopicSnapshots,
  type WatchAnswer,
} from './live.ts'
export { HOOK_MOMENTS, Hook, HookList } from './hooks.ts'
export { VmChange } from './vm-change.ts'
export { DEMO_HOST_ACTIONS, DemoGuest, DemoGuestChange, DemoHostChange } from './demo.ts'
export { SHRINK_GUARDS, Settings } from './settings.ts'
export {
  GUEST_OS_EDITS_MAX,
  GuestOsEdit,
  GuestOsExperience,
  GuestOsMatrixInput,
  GuestOsMatrixView,
  GuestOsRow,
} from './guest-os.ts'
export { DefinitionSummary, NextBootForecast, NextBootRevert, PrepareInput, PreparePlan } from './prepare.ts'
