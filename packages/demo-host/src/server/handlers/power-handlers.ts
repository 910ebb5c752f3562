import {
  domainCreate,
  domainCreateWithFlags,
  domainCreateXml,
  domainDestroy,
  domainDestroyFlags,
  domainManagedSave,
  domainManagedSaveRemove,
  domainReboot,
  domainReset,
  domainResume,
  domainShutdown,
  domainShutdownFlags,
  domainSuspend,
} from '@coreshift/libvirt'
import {
  createDomain,
  createTransient,
  destroyDomain,
  managedSave,
  rebootDomain,
  removeManagedSave,
  resetDomain,
  resumeDomain,
  shutdownDomain,
  suspendDomain,
} from '../../hypervisor/power.ts'
import type { HandlerTable } from '../handler-table.ts'
import { domainOf } from './domain-handlers.ts'

const EMPTY = {}

/** Starting, stopping and saving. */
export function powerHandlers(table: HandlerTable): void {
  table
    .on(domainCreate, 'write', async (session, { domain }) => {
      await createDomain(session.host, domainOf(session, domain))
      return EMPTY
    })
    .on(domainCreateWithFlags, 'write', async (session, { domain, flags }) => {
      const found = domainOf(session, domain)
      await createDomain(session.host, found, flags)
      return { domain: found.ref }
    })
    .on(domainCreateXml, 'write', async ({ host }, { xml, flags }) => ({
      domain: (await createTransient(host, xml, flags)).ref,
    }))
    .on(domainShutdown, 'write', async (session, { domain }) => {
      await shutdownDomain(session.host, domainOf(session, domain))
      return EMPTY
    })
    .on(domainShutdownFlags, 'write', async (session, { domain, flags }) => {
      await shutdownDomain(session.host, domainOf(session, domain), flags)
      return EMPTY
    })
    .on(domainReboot, 'write', async (session, { domain, flags }) => {
      await rebootDomain(session.host, domainOf(session, domain), flags)
      return EMPTY
    })
    .on(domainReset, 'write', (session, { domain, flags }) => {
      resetDomain(session.host, domainOf(session, domain), flags)
      return EMPTY
    })
    .on(domainDestroy, 'write', async (session, { domain }) => {
      await destroyDomain(session.host, domainOf(session, domain))
      return EMPTY
    })
    .on(domainDestroyFlags, 'write', async (session, { domain, flags }) => {
      await destroyDomain(session.host, domainOf(session, domain), flags)
      return EMPTY
    })
    .on(domainSuspend, 'write', async (session, { domain }) => {
      await suspendDomain(session.host, domainOf(session, domain))
      return EMPTY
    })
    .on(domainResume, 'write', async (session, { domain }) => {
      await resumeDomain(session.host, domainOf(session, domain))
      return EMPTY
    })
    .on(domainManagedSave, 'write', async (session, { domain, flags }) => {
      await managedSave(session.host, domainOf(session, domain), flags)
      return EMPTY
    })
    .on(domainManagedSaveRemove, 'write', (session, { domain }) => {
      removeManagedSave(domainOf(session, domain))
      return EMPTY
    })
}
