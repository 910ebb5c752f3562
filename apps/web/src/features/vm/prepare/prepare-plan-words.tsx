import type { DefinitionSummary, PreparePlan } from '@coreshift/shared/contract'
import { prepare as words } from '../../../strings/prepare.ts'
import { vcpus } from '../../../strings/vcpus.ts'
import { Notice } from '../../../ui/notice.tsx'
import { XmlDifference } from './xml-difference.tsx'

/** What would be stored, what it is good for, what it costs, and what has to be known. */
export function PreparePlanWords({ plan }: { plan: PreparePlan }) {
  return (
    <>
      {plan.reasons.map((reason) => (
        <p key={`${reason.code} ${reason.message}`} className="cs-field__error" data-reason={reason.code}>
          {reason.message}
        </p>
      ))}
      {plan.changes.length === 0 ? (
        plan.allowed && <p>{words.nothing}</p>
      ) : (
        <div className="cs-plan" role="group" aria-label={words.preview}>
          <ul>
            {plan.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
          {plan.liveRange && (
            <p>
              <b>{words.liveRange(plan.liveRange.min, plan.liveRange.max)}</b>
            </p>
          )}
          {plan.cost && plan.cost.emptySlots > 0 && (
            <p className="cs-quiet">{words.cost(plan.cost.emptySlots, plan.cost.guestMemoryMib)}</p>
          )}
          <p className="cs-quiet">{words.takesEffect[plan.takesEffect]}</p>
        </div>
      )}
      {plan.from && plan.to && plan.changes.length > 0 && <BeforeAndAfter from={plan.from} to={plan.to} />}
      {plan.warnings.map((warning) => (
        <Notice key={`${warning.code} ${warning.message}`} tone="warning" title={warning.message} />
      ))}
      {plan.xml.length > 0 && (
        <details>
          <summary>{words.definition}</summary>
          <XmlDifference lines={plan.xml} />
        </details>
      )}
    </>
  )
}

/** The stored definition before and after, where the two differ. */
function BeforeAndAfter({ from, to }: { from: DefinitionSummary; to: DefinitionSummary }) {
  const t = words.table
  const rows = [
    [t.maximum, vcpus.count(from.maximum), vcpus.count(to.maximum)],
    [t.atStart, vcpus.count(from.vcpuCount), vcpus.count(to.vcpuCount)],
    [t.fixed, from.fixed, to.fixed],
    [t.removable, from.removable, to.removable],
  ] as const
  return (
    <table className="cs-table cs-prepare__table">
      <caption className="pf-v6-screen-reader">{t.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t.what}</th>
          <th scope="col">{t.before}</th>
          <th scope="col">{t.after}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([what, before, after]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td className="cs-figures">{before || t.none}</td>
            <td className="cs-figures">{before === after ? after || t.none : <b>{after || t.none}</b>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
