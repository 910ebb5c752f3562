import { diffPatch } from '@coreshift/shared'
import type { Actor, Settings } from '@coreshift/shared/contract'
import type { SettingsRepository } from '../store/settings-repository.ts'
import { vmOfChange } from './vm-of-change.ts'

/** The settings in force, at hand without waiting: the resize rules read them for every value of every VM. */
export interface SettingsDesk {
  current(): Settings
  /** Stores, audits with what changed, then tells the listeners. */
  replace(settings: Settings, actor: Actor, requestId?: string): Promise<Settings>
  /** Called after the settings changed. */
  onChange(listener: (settings: Settings) => void): () => void
  /** Reads again: another process may have changed them. */
  reload(): Promise<void>
}

interface SettingsDeskOptions {
  readonly repository: SettingsRepository
  /** ISO instant of now. */
  readonly now: () => string
}

export async function createSettingsDesk({ repository, now }: SettingsDeskOptions): Promise<SettingsDesk> {
  let current = await repository.read()
  const listeners = new Set<(settings: Settings) => void>()

  function adopt(settings: Settings): void {
    if (diffPatch(current, settings) === undefined) return
    current = settings
    for (const listener of listeners) listener(settings)
  }

  return {
    current: () => current,
    async replace(settings, actor, requestId) {
      const changes = diffPatch(current, settings)
      if (changes === undefined) return current
      const at = now()
      const vm = vmOfChange(current, settings)
      await repository.write(settings, at, {
        at,
        actor,
        action: 'settings.changed',
        outcome: 'done',
        // In that VM's history too; without host and name, because the detail says more than a limited role may see.
        ...(vm !== undefined && { vm }),
        message: `Settings changed: ${Object.keys(changes as object).join(', ')}.`,
        detail: { before: current, after: settings },
        ...(requestId === undefined ? {} : { requestId }),
      })
      adopt(settings)
      return settings
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async reload() {
      adopt(await repository.read())
    },
  }
}
