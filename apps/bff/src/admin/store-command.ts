import type { Store } from '../open-store.ts'

/** A command on an open store. @returns exit code */
export type StoreCommand = (store: Store) => Promise<number>
