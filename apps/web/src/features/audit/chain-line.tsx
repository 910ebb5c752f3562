import { useQuery } from '@tanstack/react-query'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { auditVerificationQuery } from '../../data/audit-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { audit } from '../../strings/audit.ts'
import { Notice } from '../../ui/notice.tsx'

/** The state of the hash chain: one quiet line, unless it is broken. */
export function ChainLine() {
  const query = useQuery(auditVerificationQuery(useHttp()))
  if (query.data && !query.data.ok) {
    return (
      <Notice
        tone="danger"
        title={audit.broken(query.data.firstBroken ?? query.data.verifiedUpTo + 1)}
        live="alert"
      >
        {query.data.reason ?? audit.brokenText}
      </Notice>
    )
  }
  return (
    <p className="cs-quiet" role="status">
      {query.data
        ? audit.verified(query.data.verifiedUpTo)
        : query.isError
          ? audit.notVerified
          : audit.verifying}{' '}
      {!query.isFetching && (
        <Button variant="link" isInline onClick={() => void query.refetch()}>
          {audit.verifyAgain}
        </Button>
      )}
    </p>
  )
}
