import { memo } from 'react'
import { about } from '../../../strings/about.ts'
import { CardBox } from '../../../ui/card-box.tsx'
import { useSteadyVm } from '../use-vm.ts'
import { DescriptionFact } from './description-fact.tsx'
import { GuestOsFact } from './guest-os-fact.tsx'
import { RulesFact } from './rules-fact.tsx'
import './about.css'

/** What people have said about the machine: its description, its guest system, and rules of its own. */
export const AboutCard = memo(function AboutCard({ uuid }: { uuid: string }) {
  const vm = useSteadyVm(uuid)
  if (!vm) return null
  return (
    <CardBox title={about.title} className="cs-about">
      <DescriptionFact vm={vm} />
      <GuestOsFact vm={vm} />
      <RulesFact vm={vm} />
    </CardBox>
  )
})
