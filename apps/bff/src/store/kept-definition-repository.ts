import { KeptDefinition } from '../prepare/keep-definition.ts'
import type { KeptDefinitions } from '../prepare/prepare-desk.ts'
import type { Database } from './database.ts'
import { readDocument, removeDocument, writeDocument } from './named-document.ts'

const documentName = (vmUuid: string): string => `kept-definition:${vmUuid}`

interface KeptDefinitionRepositoryOptions {
  readonly database: Database
  /** ISO instant of now. */
  readonly now: () => string
}

/** What an undo puts back, one small document per prepared VM. It holds no secrets: only vCPUs and topology. */
export function createKeptDefinitionRepository(options: KeptDefinitionRepositoryOptions): KeptDefinitions {
  const { database, now } = options
  return {
    async read(vmUuid) {
      const stored = await readDocument(database.db, documentName(vmUuid))
      return stored === undefined ? undefined : KeptDefinition.parse(stored)
    },
    write: (vmUuid, kept) =>
      database.write((transaction) =>
        kept === undefined
          ? removeDocument(transaction, documentName(vmUuid))
          : writeDocument(transaction, documentName(vmUuid), kept, now()),
      ),
  }
}
