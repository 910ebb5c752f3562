import type { CpuTopology } from '@coreshift/shared'
import type { Vcpu } from '@coreshift/shared/contract'
import { VcpuSign } from '../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../strings/vcpus.ts'
import { vmPage } from '../../strings/vm.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LoadBar } from '../../ui/load-bar.tsx'
import { topologyText } from './topology-view.ts'

interface TopologyTableProps {
  readonly vcpus: readonly Vcpu[]
  readonly topology: CpuTopology
}

/** The same as the picture in the columns of `lscpu -e -a`, to read aloud, to compare, to copy. */
export function TopologyTable({ vcpus, topology }: TopologyTableProps) {
  const t = vmPage.table
  const hasDies = topology.dies > 1
  const hasClusters = topology.clusters > 1
  const hasNodes = vcpus.some((vcpu) => vcpu.cell !== undefined)
  return (
    <>
      <p className="cs-copy">
        <CopyButton label={vmPage.copyTable} text={() => topologyText(vcpus, words.states)} />
      </p>
      <div className="cs-scroll" tabIndex={0} role="region" aria-label={t.caption}>
        <table className="cs-table">
          <caption className="pf-v6-screen-reader">{t.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{t.id}</th>
              <th scope="col">{t.state}</th>
              <th scope="col">{t.socket}</th>
              {hasDies && <th scope="col">{t.die}</th>}
              {hasClusters && <th scope="col">{t.cluster}</th>}
              <th scope="col">{t.core}</th>
              <th scope="col">{t.thread}</th>
              {hasNodes && <th scope="col">{t.node}</th>}
              <th scope="col">{t.hostCpu}</th>
              <th scope="col">{t.pinning}</th>
              <th scope="col">{t.load}</th>
              <th scope="col">{t.removable}</th>
            </tr>
          </thead>
          <tbody>
            {vcpus.map((vcpu) => (
              <tr key={vcpu.id} className={vcpu.state === 'absent' ? 'cs-table__faint' : undefined}>
                <th scope="row" className="cs-figures">
                  {vcpu.id}
                </th>
                <td>
                  <span className="cs-mark-word">
                    <VcpuSign state={vcpu.state} size={14} /> {words.states[vcpu.state]}
                  </span>
                </td>
                <td className="cs-figures">{vcpu.socket}</td>
                {hasDies && <td className="cs-figures">{vcpu.die}</td>}
                {hasClusters && <td className="cs-figures">{vcpu.cluster}</td>}
                <td className="cs-figures">{vcpu.core}</td>
                <td className="cs-figures">{vcpu.thread}</td>
                {hasNodes && <td className="cs-figures">{vcpu.cell ?? t.none}</td>}
                <td className="cs-figures">{vcpu.hostCpu ?? t.none}</td>
                <td className="cs-figures">{vcpu.pinning ?? t.none}</td>
                <td>
                  <LoadBar percent={vcpu.loadPercent} label={t.load} />
                </td>
                <td>{vcpu.hotpluggable ? t.yes : t.no}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
