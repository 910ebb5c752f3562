import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { twoFactor as words } from '../../strings/two-factor.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'

interface RecoveryCodeListProps {
  readonly codes: readonly string[]
  readonly onDone: () => void
}

/** Codes for the day when the phone is lost; shown once. */
export function RecoveryCodeList({ codes, onDone }: RecoveryCodeListProps) {
  return (
    <div className="cs-form">
      <Notice tone="success" title={words.done} live="status">
        {words.keepCodes}
      </Notice>
      <ul className="cs-access__codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="cs-buttons">
        <Button onClick={onDone}>{words.kept}</Button>
        <CopyButton label={words.copyCodes} text={() => codes.join('\n')} />
      </div>
    </div>
  )
}
