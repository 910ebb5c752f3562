import { useSyncExternalStore } from 'react'

export interface StoredChoice<Value extends string> {
  readonly values: readonly Value[]
  current(): Value
  choose(value: Value): void
  /** @returns how to stop listening */
  subscribe(listener: () => void): () => void
}

/**
 * A choice of the person that outlives the visit, the same in every part of the page.
 * @param values the first one holds where nothing was chosen, or something that is no longer offered
 */
export function createStoredChoice<Value extends string>(
  key: string,
  values: readonly [Value, ...Value[]],
): StoredChoice<Value> {
  const listeners = new Set<() => void>()
  let chosen: Value | undefined

  function stored(): Value {
    try {
      const value = localStorage.getItem(key)
      return values.find((candidate) => candidate === value) ?? values[0]
    } catch {
      // Storage is forbidden in this browser: the choice lasts as long as the page.
      return values[0]
    }
  }

  return {
    values,
    current: () => (chosen ??= stored()),
    choose(value) {
      chosen = value
      try {
        localStorage.setItem(key, value)
      } catch {
        // As above: the choice lasts as long as the page.
      }
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The choice as it is; the component renders again when it changes. */
export function useStoredChoice<Value extends string>(choice: StoredChoice<Value>): Value {
  return useSyncExternalStore(choice.subscribe, choice.current)
}
