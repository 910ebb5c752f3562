import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, type ReactNode } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import type { DemoGuest, DemoGuestChange, DemoHostChange, Vm } from '@coreshift/shared/contract'
import { demoGuestQuery, steerGuest, steerHost } from '../../data/demo-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { demo as t } from '../../strings/demo.ts'
import { CardBox } from '../../ui/card-box.tsx'
import './demo-guest-card.css'

/** Named here once more: the contract's list would bring its whole schema library into the browser. */
const HOST_ACTIONS = [
  'cut-connections',
  'stop-daemon',
  'start-daemon',
] as const satisfies DemoHostChange['act'][]

/** Controls of a simulated guest and its host. A real VM of the same page shows nothing here. */
export function DemoGuestCard({ vm }: { vm: Omit<Vm, 'rev' | 'loadPercent' | 'vcpus'> }) {
  const http = useHttp()
  const facts = `${vm.status} ${vm.pendingVcpus} ${vm.stuckVcpus} ${vm.refusedVcpus} ${vm.hypervisor}`
  const query = demoGuestQuery(http, vm.uuid, facts)
  const { data: guest } = useQuery(query)
  const queryClient = useQueryClient()
  const steer = useMutation({
    mutationFn: (change: DemoGuestChange) => steerGuest(http, vm.uuid, change),
    onSuccess: (after) => queryClient.setQueryData(query.queryKey, after),
  })
  const host = useMutation({
    mutationFn: (act: DemoHostChange['act']) => steerHost(http, vm.host, act),
  })
  if (!guest) return null

  return (
    <CardBox title={t.title} className="cs-backstage">
      <p className="cs-quiet">{t.intro}</p>
      <div className="cs-backstage__choices">
        <WordSelect
          label={t.behaviour}
          words={t.behaviours}
          values={guest.behaviours}
          value={guest.behaviour}
          onChange={(behaviour) => steer.mutate({ behaviour })}
        />
        <WordSelect
          label={t.agent}
          words={t.agents}
          values={guest.agents}
          value={guest.agent}
          onChange={(agent) => steer.mutate({ agent })}
        />
      </div>
      <Asked guest={guest} onAnswer={(answer) => steer.mutate({ answer })} />
      <ButtonRow label={t.now}>
        {guest.actions.map((act) => (
          <Button
            key={act}
            variant="secondary"
            size="sm"
            isDisabled={!guest.running || steer.isPending}
            onClick={() => steer.mutate({ act })}
          >
            {t.actions[act] ?? act}
          </Button>
        ))}
      </ButtonRow>
      <ButtonRow label={t.host(vm.hostName)}>
        {HOST_ACTIONS.map((act) => (
          <Button
            key={act}
            variant="secondary"
            size="sm"
            isDisabled={host.isPending}
            onClick={() => host.mutate(act)}
          >
            {t.hostActs[act]}
          </Button>
        ))}
      </ButtonRow>
      {steer.isError && <CommandFailure error={steer.error} />}
      {host.isError && <CommandFailure error={host.error} />}
    </CardBox>
  )
}

function Asked({
  guest,
  onAnswer,
}: {
  guest: DemoGuest
  onAnswer: (answer: NonNullable<DemoGuestChange['answer']>) => void
}) {
  if (guest.asked.length === 0) return null
  return (
    <ButtonRow label={t.asked}>
      {guest.asked.flatMap((vcpu) => [
        <Button
          key={`go-${vcpu}`}
          variant="secondary"
          size="sm"
          onClick={() => onAnswer({ vcpu, how: 'let-go' })}
        >
          {t.letGo(vcpu)}
        </Button>,
        <Button
          key={`no-${vcpu}`}
          variant="secondary"
          size="sm"
          onClick={() => onAnswer({ vcpu, how: 'refuse' })}
        >
          {t.refuse(vcpu)}
        </Button>,
      ])}
    </ButtonRow>
  )
}

function ButtonRow({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id} className="cs-backstage__row">
      <p id={id} className="cs-field__label">
        {label}
      </p>
      <div className="cs-backstage__buttons">{children}</div>
    </div>
  )
}

interface WordSelectProps {
  readonly label: string
  readonly words: Readonly<Record<string, string>>
  readonly values: readonly string[]
  readonly value: string
  readonly onChange: (value: string) => void
}

function WordSelect({ label, words, values, value, onChange }: WordSelectProps) {
  const id = useId()
  return (
    <div className="cs-field">
      <label htmlFor={id} className="cs-field__label">
        {label}
      </label>
      <select id={id} className="cs-select" value={value} onChange={(event) => onChange(event.target.value)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {words[one] ?? one}
          </option>
        ))}
      </select>
    </div>
  )
}
