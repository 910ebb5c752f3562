import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { VmStatusSign } from '../../../domain/vm-status-sign.tsx'
import { useMayOperate } from '../../../domain/use-role.ts'
import { machines } from '../../../strings/machines.ts'
import { product } from '../../../strings/product.ts'
import { vmPage } from '../../../strings/vm.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Tag } from '../../../ui/tag.tsx'
import { useSteadyVm } from '../use-vm.ts'
import { PowerMenu } from './power-menu.tsx'
import './vm-header.css'

/** Where one is, what the machine is, and what it is doing. */
export const VmHeader = memo(function VmHeader({ uuid }: { uuid: string }) {
  const vm = useSteadyVm(uuid)
  const mayOperate = useMayOperate()
  if (!vm) return null
  return (
    <header className="cs-vm__head">
      <nav aria-label={vmPage.breadcrumb} className="cs-crumbs">
        <ol>
          <li>
            <Link to="/">{product.places.fleet}</Link>
          </li>
          <li>
            <Link to="/" search={{ host: vm.hostName }}>
              {vm.hostName}
            </Link>
          </li>
        </ol>
      </nav>
      <div className="cs-vm__title">
        <h1 className="cs-title">{vm.name}</h1>
        <VmStatusSign status={vm.status} />
        {!vm.persistent && <Tag>{vmPage.transient}</Tag>}
        {mayOperate && !vm.stale && <PowerMenu vm={vm} />}
      </div>
      <ul className="cs-facts">
        <li>{vm.guestOs.source === 'none' ? machines.unknownGuest : vm.guestOs.name}</li>
        <li>{vmPage.agent[vm.agent]}</li>
        <li>
          {vm.arch} {vm.machine}
          {vm.domainType === 'kvm' ? '' : ` (${vm.domainType})`}
        </li>
      </ul>
      {vm.job && <Notice tone="info" title={vmPage.job(vm.job)} />}
    </header>
  )
})
