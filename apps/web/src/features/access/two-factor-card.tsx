import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { TwoFactorStatus } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import {
  TWO_FACTOR_KEY,
  disableTwoFactor,
  renewRecoveryCodes,
  twoFactorQuery,
} from '../../data/two-factor-queries.ts'
import { QueryView } from '../../domain/query-view.tsx'
import { twoFactor as words } from '../../strings/two-factor.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Enrolment } from './enrolment.tsx'
import { PasswordStep } from './password-step.tsx'
import { RecoveryCodeList } from './recovery-code-list.tsx'

/** So few that they may be gone when they are needed. */
const FEW_CODES = 3

type Task = 'enrol' | 'new-codes' | 'switch-off'

/** The own second step: on or off, and how to change that. */
export function TwoFactorCard() {
  const query = useQuery(twoFactorQuery(useHttp()))
  return (
    <CardBox title={words.title}>
      <QueryView query={query} what={words.what}>
        {(status) =>
          status.available ? <SecondStep status={status} /> : <p className="cs-quiet">{words.elsewhere}</p>
        }
      </QueryView>
    </CardBox>
  )
}

function SecondStep({ status }: { status: TwoFactorStatus }) {
  const queryClient = useQueryClient()
  const [task, setTask] = useState<Task>()
  const done = () => {
    setTask(undefined)
    void queryClient.invalidateQueries({ queryKey: TWO_FACTOR_KEY })
  }
  return (
    <div className="cs-form">
      <p>{status.enabled ? words.on(status.recoveryCodesLeft) : words.off}</p>
      {status.enabled && status.recoveryCodesLeft < FEW_CODES && <Notice tone="warning" title={words.few} />}
      {status.required && status.enabled && <p className="cs-quiet">{words.required}</p>}
      {task === 'enrol' && <Enrolment onDone={done} onCancel={() => setTask(undefined)} />}
      {task === 'new-codes' && <NewCodes onDone={done} onCancel={() => setTask(undefined)} />}
      {task === 'switch-off' && <SwitchOff onDone={done} onCancel={() => setTask(undefined)} />}
      {task === undefined && (
        <div className="cs-buttons">
          {status.enabled ? (
            <>
              <Button variant="secondary" onClick={() => setTask('new-codes')}>
                {words.newCodes}
              </Button>
              {!status.required && (
                <Button variant="link" onClick={() => setTask('switch-off')}>
                  {words.switchOff}
                </Button>
              )}
            </>
          ) : (
            <Button variant="secondary" onClick={() => setTask('enrol')}>
              {words.setUp}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

interface TaskProps {
  readonly onDone: () => void
  readonly onCancel: () => void
}

function NewCodes({ onDone, onCancel }: TaskProps) {
  const http = useHttp()
  const command = useMutation({ mutationFn: (password: string) => renewRecoveryCodes(http, password) })
  if (command.data) return <RecoveryCodeList codes={command.data.codes} onDone={onDone} />
  return <PasswordStep label={words.newCodes} command={command} onCancel={onCancel} />
}

function SwitchOff({ onDone, onCancel }: TaskProps) {
  const http = useHttp()
  const command = useMutation({
    mutationFn: (password: string) => disableTwoFactor(http, password),
    onSuccess: onDone,
  })
  return <PasswordStep label={words.switchOff} command={command} onCancel={onCancel} />
}
