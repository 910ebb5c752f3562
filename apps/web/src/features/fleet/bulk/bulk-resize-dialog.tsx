import { useQueries, useQuery } from '@tanstack/react-query'
import { useId, useMemo, useState } from 'react'
import { DEFAULT_POLICIES, POLICY_PRESETS, type PolicyPreset } from '@coreshift/shared'
import type { Operation, ResizePlan, Settings, VmSummary } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { settingsQuery } from '../../../data/settings-query.ts'
import { useHttp } from '../../../data/services.tsx'
import { requestResize, resizePlanQuery } from '../../../data/vm-queries.ts'
import { bulk } from '../../../strings/bulk.ts'
import { resize } from '../../../strings/resize.ts'
import { ChoiceGroup } from '../../../ui/choice-group.tsx'
import { DialogBox } from '../../../ui/dialog-box.tsx'
import { Field } from '../../../ui/field.tsx'
import { useSettled } from '../../../ui/use-settled.ts'
import { BulkTable } from './bulk-table.tsx'
import { ResizeOutcome } from './resize-outcome.tsx'
import { VerdictWords } from './verdict-words.tsx'
import {
  isReady,
  requestFor,
  verdictFacts,
  verdictOn,
  type BulkVerdict,
  type BulkWhen,
  type BulkWish,
} from './bulk-verdict.ts'
import { useBulkRun } from './use-bulk-run.ts'
import './bulk.css'

const SOCKETS_MAX = 16_384
/** A number that is still being typed asks nobody. */
const TYPING_MS = 300

interface BulkDialogProps {
  readonly vms: readonly VmSummary[]
  readonly onClose: () => void
}

/** One number of sockets for several machines: what it means for each before the button, what came of it after. */
export default function BulkResizeDialog({ vms, onClose }: BulkDialogProps) {
  const http = useHttp()
  const settings = useQuery(settingsQuery(http)).data
  const [text, setText] = useState('')
  const [when, setWhen] = useState<BulkWhen>('usual')
  const [chosenPolicy, setPolicy] = useState<PolicyPreset>()
  const [acknowledged, setAcknowledged] = useState(false)
  const policy = chosenPolicy ?? settings?.defaultPolicy ?? 'interactive'

  const typed = useSettled(text, TYPING_MS)
  const wish = useMemo(() => readWish(typed, when, policy), [typed, when, policy])
  const verdicts = useVerdicts(vms, wish)
  const ready = vms.filter((vm) => isReady(verdicts.get(vm.uuid)?.verdict, acknowledged))
  const asking = count(verdicts, 'asking')
  const concerned = [...verdicts.values()].filter(
    ({ verdict }) => verdict.kind === 'possible' && verdict.needsWord,
  ).length

  const run = useBulkRun<Operation>((uuid) => {
    const judged = verdicts.get(uuid)
    if (!judged || judged.verdict.kind !== 'possible' || !wish) throw new Error(`${uuid} was not judged`)
    return requestResize(http, uuid, requestFor(judged.vm, wish, judged.verdict.plan))
  })

  if (run.outcomes) {
    const sent = vms.filter((vm) => run.outcomes?.has(vm.uuid))
    return (
      <DialogBox
        title={bulk.resizeTitle(sent.length)}
        onClose={onClose}
        foot={<Button onClick={onClose}>{bulk.close}</Button>}
      >
        <p role="status">
          {run.isOver ? bulk.summary(run.done, run.failed) : bulk.sending(run.done + run.failed, run.total)}
        </p>
        <BulkTable
          vms={sent}
          head={bulk.outcome}
          cell={(vm) => <ResizeOutcome outcome={run.outcomes?.get(vm.uuid)} />}
        />
      </DialogBox>
    )
  }
  return (
    <DialogBox
      title={bulk.resizeTitle(vms.length)}
      onClose={onClose}
      foot={
        <>
          <Button
            isDisabled={ready.length === 0 || asking > 0 || typed !== text}
            onClick={() => run.start(ready.map(({ uuid }) => uuid))}
          >
            {bulk.send(ready.length, wish?.sockets ?? 0)}
          </Button>
          <Button variant="link" onClick={onClose}>
            {bulk.cancel}
          </Button>
        </>
      }
    >
      <WishForm
        text={text}
        isWrong={typed !== '' && wish === undefined}
        onText={(next) => {
          setText(next)
          setAcknowledged(false)
        }}
        when={when}
        onWhen={setWhen}
        policy={policy}
        policies={settings?.policies}
        onPolicy={setPolicy}
      />
      {wish && (
        <>
          <p role="status">
            {bulk.judged(ready.length, vms.length)} {asking > 0 && bulk.stillAsking(asking)}
          </p>
          <BulkTable
            vms={vms}
            head={bulk.verdict}
            cell={(vm) => {
              const judged = verdicts.get(vm.uuid)
              return judged && <VerdictWords verdict={judged.verdict} />
            }}
          />
          {concerned > 0 && (
            <label className="cs-check">
              <input
                type="checkbox"
                checked={acknowledged}
                onChange={(event) => setAcknowledged(event.target.checked)}
              />
              {bulk.acknowledge(concerned)}
            </label>
          )}
        </>
      )}
    </DialogBox>
  )
}

function readWish(text: string, when: BulkWhen, policy: PolicyPreset): BulkWish | undefined {
  const sockets = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return sockets >= 1 && sockets <= SOCKETS_MAX ? { sockets, when, policy } : undefined
}

type Judged = ReadonlyMap<string, { readonly vm: VmSummary; readonly verdict: BulkVerdict }>

function count(verdicts: Judged, kind: BulkVerdict['kind']): number {
  return [...verdicts.values()].filter(({ verdict }) => verdict.kind === kind).length
}

/** The server's dry run for each machine. */
function useVerdicts(vms: readonly VmSummary[], wish: BulkWish | undefined): Judged {
  const http = useHttp()
  const answers = useQueries({
    queries: vms.map((vm) => ({
      ...resizePlanQuery(http, vm.uuid, verdictFacts(vm), wish ? requestFor(vm, wish) : {}),
      enabled: wish !== undefined,
    })),
  })
  const judged = new Map<string, { vm: VmSummary; verdict: BulkVerdict }>()
  if (!wish) return judged
  vms.forEach((vm, index) => {
    const answer: { data?: ResizePlan | undefined; error: unknown } = answers[index] ?? { error: undefined }
    judged.set(vm.uuid, { vm, verdict: verdictOn(vm, wish, answer) })
  })
  return judged
}

interface WishFormProps {
  readonly text: string
  readonly isWrong: boolean
  readonly onText: (text: string) => void
  readonly when: BulkWhen
  readonly onWhen: (when: BulkWhen) => void
  readonly policy: PolicyPreset
  /** As the administrators have set them. */
  readonly policies: Settings['policies'] | undefined
  readonly onPolicy: (policy: PolicyPreset) => void
}

function WishForm(props: WishFormProps) {
  const id = useId()
  return (
    <div className="cs-bulk__form">
      <Field
        label={bulk.sockets}
        type="number"
        value={props.text}
        onChange={props.onText}
        autoFocus
        hint={bulk.socketsHint}
        error={props.isWrong ? bulk.notANumber : undefined}
      />
      <ChoiceGroup
        name={`${id}-when`}
        label={bulk.when}
        value={props.when}
        onChange={props.onWhen}
        choices={[
          { value: 'usual', label: bulk.whenUsual, hint: bulk.whenUsualHint },
          { value: 'nextBoot', label: bulk.whenNextBoot },
        ]}
      />
      <ChoiceGroup
        name={`${id}-policy`}
        label={bulk.policy}
        value={props.policy}
        onChange={props.onPolicy}
        choices={POLICY_PRESETS.map((preset) => ({
          value: preset,
          label: resize.policyText(preset, { ...DEFAULT_POLICIES[preset], ...props.policies?.[preset] }),
        }))}
      />
    </div>
  )
}
