import type { PreparePlan } from '@coreshift/shared/contract'
import { prepare as words } from '../../../strings/prepare.ts'
import './xml-difference.css'

const SIGNS = { same: ' ', added: '+', removed: '-' }

/** Lines of the domain XML that come and go, with those around them. */
export function XmlDifference({ lines }: { lines: PreparePlan['xml'] }) {
  return (
    <pre className="cs-detail cs-difference" role="group" tabIndex={0} aria-label={words.definition}>
      {lines.map((line, index) => (
        // The lines are replaced as a whole, so that the place is a name.
        <span key={index} className={`cs-difference__${line.kind}`}>
          {line.kind === 'gap' ? words.unchanged(line.text) : `${SIGNS[line.kind]} ${line.text}`}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}
