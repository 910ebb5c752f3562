import {
  bytes,
  domainRef,
  empty,
  i32,
  opt,
  procedure,
  str,
  struct,
  typedParams,
  u32,
} from '@coreshift/libvirt/wire'

/** REMOTE_DOMAIN_MIGRATE_PARAM_LIST_MAX and REMOTE_MIGRATE_COOKIE_MAX. */
const params = typedParams(64)
const cookie = bytes(4_194_304)

// The steps of a migration that the *client* conducts (libvirt's migration protocol 3 with parameters): `virsh migrate`
// without --p2p. The client library of this project only starts the peer-to-peer form, so these live here.

/** First step, on the source: what moves. */
export const migrateBegin = procedure({
  number: 302,
  name: 'virDomainMigrateBegin3Params',
  since: '1.1.0',
  args: struct({ domain: domainRef, params, flags: u32 }),
  result: struct({ cookieOut: cookie, xml: str }),
})

/** Second, on the destination: make room, say where to send. */
export const migratePrepare = procedure({
  number: 303,
  name: 'virDomainMigratePrepare3Params',
  since: '1.1.0',
  args: struct({ params, cookieIn: cookie, flags: u32 }),
  result: struct({ cookieOut: cookie, uri: opt(str) }),
})

/** Fourth, on the destination: run, or clean up. */
export const migrateFinish = procedure({
  number: 306,
  name: 'virDomainMigrateFinish3Params',
  since: '1.1.0',
  args: struct({ params, cookieIn: cookie, flags: u32, cancelled: i32 }),
  result: struct({ domain: domainRef, cookieOut: cookie }),
})

/** Last, on the source: let go, or run on. */
export const migrateConfirm = procedure({
  number: 307,
  name: 'virDomainMigrateConfirm3Params',
  since: '1.1.0',
  args: struct({ domain: domainRef, params, cookieIn: cookie, flags: u32, cancelled: i32 }),
  result: empty,
})
