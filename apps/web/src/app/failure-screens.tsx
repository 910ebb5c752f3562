import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { failureWords } from '../data/failure-words.ts'
import { ApiProblem, ServerUnreachable } from '../data/api-failure.ts'
import { failures } from '../strings/failures.ts'
import { product } from '../strings/product.ts'
import { FailureView } from '../ui/failure-view.tsx'

export function MissingScreen() {
  return (
    <FailureView
      tone="info"
      title={product.pageMissing}
      text={product.pageMissingText}
      actions={<Link to="/">{product.toFleet}</Link>}
    />
  )
}

/** Shown where a screen failed: by the server's answer, by a chunk that did not load, or by a mistake of ours. */
export function BrokenScreen({ error, reset }: ErrorComponentProps) {
  const known = error instanceof ApiProblem || error instanceof ServerUnreachable
  const words = known
    ? failureWords(error)
    : {
        title: product.broken,
        text: `${product.brokenText} (${error instanceof Error ? error.message : String(error)})`,
      }
  return (
    <FailureView
      title={words.title}
      text={words.text}
      actions={
        <>
          <Button onClick={reset}>{failures.tryAgain}</Button>
          <Button variant="secondary" onClick={() => location.reload()}>
            {product.reload}
          </Button>
        </>
      }
    />
  )
}

export function LoadingScreen() {
  return (
    <div className="cs-first-words">
      <h1>{failures.loading('the page')}</h1>
    </div>
  )
}
