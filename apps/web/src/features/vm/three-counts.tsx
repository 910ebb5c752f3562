import { hasLiveMachine } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import type { SteadyVm } from './steady-vm.ts'
import { useState, type ReactNode } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { resize } from '../../strings/resize.ts'
import { sockets } from '../../strings/vcpus.ts'
import { formatCount } from '../../ui/number-words.ts'
import { explainCounts, type CountsNote } from './counts-view.ts'
import './three-counts.css'

/** For guests that leave an added vCPU offline: the kernel's own event, answered by udev. */
const UDEV_RULE = 'SUBSYSTEM=="cpu", ACTION=="add", TEST=="online", ATTR{online}=="0", ATTR{online}="1"'

/** Wanted, hypervisor, guest: quiet where they agree, a sentence where they do not. */
export function ThreeCounts({ vm, operation }: { vm: SteadyVm; operation: Operation | undefined }) {
  const { hypervisorDiffers, guestDiffers, notes, leaving, coming } = explainCounts(vm, operation)
  const isLive = hasLiveMachine(vm.status)
  const wantedSockets = vm.wanted / vm.vcpusPerSocket
  return (
    <div className="cs-counts">
      <dl className="cs-counts__row">
        <Count label={resize.wanted} value={vm.wanted} hint={sockets.count(numberOrText(wantedSockets))} />
        <Count
          label={resize.hypervisor}
          value={vm.hypervisor}
          differs={hypervisorDiffers}
          hint={
            !isLive
              ? resize.machineOff
              : leaving > 0
                ? resize.leaving(leaving)
                : coming > 0
                  ? resize.coming(coming)
                  : sockets.count(numberOrText(vm.hypervisor / vm.vcpusPerSocket))
          }
        />
        <Count
          label={resize.guestOnline}
          value={isLive ? vm.guestOnline : undefined}
          differs={guestDiffers}
          hint={guestHint(vm, isLive, guestDiffers)}
        />
      </dl>
      {notes.map((note) => (
        <NoteLine key={note.kind} note={note} />
      ))}
    </div>
  )
}

function guestHint(vm: SteadyVm, isLive: boolean, differs: boolean): string {
  if (!isLive) return resize.machineOff
  if (vm.guestOnline !== undefined) {
    if (differs) return resize.guestDiffers(vm.guestOnline - vm.hypervisor)
    return vm.guestOnline === vm.wanted ? resize.agree : resize.asHypervisor
  }
  return vm.agent === 'none' ? resize.noAgent : resize.agentSilent
}

function numberOrText(value: number): number | string {
  return Number.isInteger(value) ? value : formatCount(value)
}

interface CountProps {
  readonly label: string
  readonly value: number | undefined
  readonly hint: ReactNode
  readonly differs?: boolean
}

function Count({ label, value, hint, differs = false }: CountProps) {
  return (
    <div className={differs ? 'cs-count cs-count--differs' : 'cs-count'}>
      <dt>{label}</dt>
      <dd className="cs-count__value cs-figures">{value ?? '–'}</dd>
      <dd className="cs-count__hint">{hint}</dd>
    </div>
  )
}

function NoteLine({ note }: { note: CountsNote }) {
  switch (note.kind) {
    case 'guest-left-offline':
      return (
        <p className="cs-counts__note">
          {resize.guestLeftOffline(note.ids)} <CopyRule />
        </p>
      )
    case 'guest-fewer':
      return <p className="cs-counts__note">{resize.guestFewer(note.count)}</p>
    case 'next-boot':
      return (
        <p className="cs-counts__note">{resize.nextBootDiffers(formatCount(note.sockets), note.vcpus)}</p>
      )
    case 'not-whole':
      return <p className="cs-counts__note">{resize.notWhole(note.vcpus, note.perSocket)}</p>
  }
}

function CopyRule() {
  const [copied, setCopied] = useState<boolean>()
  if (copied) return <span role="status">{resize.ruleCopied}</span>
  if (copied === false) return <code>{UDEV_RULE}</code>
  const copy = () => {
    // Browsers offer the clipboard to secure pages only; where there is none the rule is shown instead.
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (!clipboard) return setCopied(false)
    clipboard.writeText(UDEV_RULE).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <Button variant="link" isInline onClick={copy}>
      {resize.copyRule}
    </Button>
  )
}
