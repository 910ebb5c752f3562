import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Operation } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { askAgain, stopWaiting, tellMe } from '../data/operation-queries.ts'
import { useHttp } from '../data/services.tsx'
import { requestResize } from '../data/vm-queries.ts'
import { resize } from '../strings/resize.ts'
import { telling } from '../strings/telling.ts'
import { NO_ACTIONS, actionsFor, keepWaitingRequest } from './operation-view.ts'
import { CommandFailure } from './query-failure.tsx'
import { useMayOperate } from './use-role.ts'
import { useUserName } from './use-user-name.ts'

interface OperationButtonsProps {
  readonly operation: Operation
  /** Further buttons of the place they stand in, between the ones that go on and the one that ends. */
  readonly children?: ReactNode
  /** Stands last: where else to look. */
  readonly more?: ReactNode
}

/** What a person can do about an open resize; in another state there is nothing. */
export function OperationButtons({ operation, children, more }: OperationButtonsProps) {
  const http = useHttp()
  const mayOperate = useMayOperate()
  const name = useUserName()
  const command = useMutation({ mutationFn: (act: () => Promise<Operation>) => act() })
  const possible = actionsFor(operation)
  const actions = mayOperate ? possible : NO_ACTIONS
  const isTold = operation.tell?.some((person) => person.kind === 'user' && person.name === name) ?? false
  const isBusy = command.isPending
  return (
    <>
      {command.error && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        {actions.askAgain && (
          <Button
            variant="secondary"
            size="sm"
            onClick={() => command.mutate(() => askAgain(http, operation.id))}
            isDisabled={isBusy}
          >
            {resize.actions.askAgain}
          </Button>
        )}
        {actions.keepWaiting && (
          <Button
            variant="secondary"
            size="sm"
            onClick={() =>
              command.mutate(() => requestResize(http, operation.vm, keepWaitingRequest(operation)))
            }
            isDisabled={isBusy}
            title={resize.keepWaitingHint}
          >
            {resize.actions.keepWaiting}
          </Button>
        )}
        {children}
        {actions.stopWaiting && (
          <Button
            variant="link"
            size="sm"
            onClick={() => command.mutate(() => stopWaiting(http, operation.id))}
            isDisabled={isBusy}
            title={resize.stopWaitingHint}
          >
            {resize.actions.stopWaiting}
          </Button>
        )}
        {possible.tellMe && (
          <Button
            variant="link"
            size="sm"
            onClick={() => {
              if (!isTold) void askForNotifications()
              command.mutate(() => tellMe(http, operation.id, !isTold))
            }}
            isDisabled={isBusy}
          >
            {isTold ? telling.doNotTell : telling.tellMe}
          </Button>
        )}
        {more}
      </div>
    </>
  )
}

/** The browser asks the person once whether this page may tell them while they look elsewhere. */
async function askForNotifications(): Promise<void> {
  if ('Notification' in globalThis && Notification.permission === 'default') {
    await Notification.requestPermission()
  }
}
