import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { EmptyState } from '@patternfly/react-core/dist/esm/components/EmptyState/EmptyState.js'
import { EmptyStateActions } from '@patternfly/react-core/dist/esm/components/EmptyState/EmptyStateActions.js'
import { EmptyStateBody } from '@patternfly/react-core/dist/esm/components/EmptyState/EmptyStateBody.js'
import { EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState/EmptyStateFooter.js'
import type { ReactNode } from 'react'

interface FailureViewProps {
  readonly title: string
  readonly text: ReactNode
  readonly retryLabel?: string
  readonly onRetry?: () => void
  readonly actions?: ReactNode
  readonly tone?: 'danger' | 'info'
}

/** A whole view that cannot be shown: what is wrong, and what can be done. */
export function FailureView({
  title,
  text,
  retryLabel,
  onRetry,
  actions,
  tone = 'danger',
}: FailureViewProps) {
  return (
    <EmptyState titleText={title} headingLevel="h2" status={tone} variant="sm">
      <EmptyStateBody>{text}</EmptyStateBody>
      {(onRetry || actions) && (
        <EmptyStateFooter>
          <EmptyStateActions>
            {onRetry && <Button onClick={onRetry}>{retryLabel}</Button>}
            {actions}
          </EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  )
}
