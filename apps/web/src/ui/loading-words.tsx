import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton/Skeleton.js'

/** A place that fills soon: its shape, and in words what is coming. */
export function LoadingWords({ words, lines = 3 }: { words: string; lines?: number }) {
  return (
    <div className="cs-loading" role="status">
      <p>{words}</p>
      <div aria-hidden="true">
        {Array.from({ length: lines }, (_, index) => (
          <Skeleton key={index} width={`${90 - ((index * 17) % 40)}%`} />
        ))}
      </div>
    </div>
  )
}
