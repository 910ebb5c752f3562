export type SignTone = 'info' | 'success' | 'warning' | 'danger'

interface SignProps {
  readonly tone: SignTone
}

/** Circle with an i or a tick: something to know. */
export function CircleSign({ tone }: SignProps) {
  return (
    <svg viewBox="0 0 16 16" width="1em" height="1em" aria-hidden="true" fill="currentColor">
      <path
        fillRule="evenodd"
        d={
          tone === 'success'
            ? 'M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Zm-.9 11L3.6 8l1.3-1.3 2.2 2.2 4.3-4.4 1.3 1.3-5.6 5.7Z'
            : 'M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM7 7h2v5H7V7Zm0-3h2v2H7V4Z'
        }
      />
    </svg>
  )
}

/** Triangle with a mark: something to look at. */
export function TriangleSign(_: SignProps) {
  return (
    <svg viewBox="0 0 16 16" width="1em" height="1em" aria-hidden="true" fill="currentColor">
      <path fillRule="evenodd" d="M8 .8 15.8 15H.2L8 .8ZM7 6v4.5h2V6H7Zm0 5.5v2h2v-2H7Z" />
    </svg>
  )
}
