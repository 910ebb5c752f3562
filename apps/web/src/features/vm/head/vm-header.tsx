import { Link } from '@tanstack/react-router'
import type { Vm } from '@coreshift/shared/contract'
import { VmStatusSign } from '../../../domain/vm-status-sign.tsx'
import { useMayOperate } from '../../../domain/use-role.ts'
import { machines } from '../../../strings/machines.ts'
import { product } from '../../../strings/product.ts'
import { vmPage } from '../../../strings/vm.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Tag } from '../../../ui/tag.tsx'
import { PowerMenu } from './power-menu.tsx'
import './vm-header.css'

export function VmHeader({ vm }: { vm: Vm }) {
  const mayOperate = useMayOperate()
  const guest =
    vm.guestOs.source === 'none'
      ? machines.unknownGuest
      : `${vm.guestOs.name} (${machines.guestSource[vm.guestOs.source]})`
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
        <li>{guest}</li>
        <li>
          {vm.arch} {vm.machine}
          {vm.domainType === 'kvm' ? '' : ` (${vm.domainType})`}
        </li>
        <li>{vmPage.agent[vm.agent]}</li>
      </ul>
      {vm.description && <p className="cs-vm__description">{vm.description}</p>}
      {vm.guestOs.disagreement && <Notice tone="info" title={vm.guestOs.disagreement} />}
      {vm.job && <Notice tone="info" title={vmPage.job(vm.job)} />}
    </header>
  )
}
