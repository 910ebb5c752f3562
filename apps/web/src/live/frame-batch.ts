/** Runs a task once, soon. A second call before it ran changes nothing. */
export type Schedule = (task: () => void) => void

/** Browsers stop animation frames of hidden pages; the cache must go on, only less often. */
const HIDDEN_PAGE_INTERVAL_MS = 250

/**
 * Runs the task before the next paint, so that all events of one frame cause one render, and an event is on
 * screen one frame after it came.
 */
export const beforeNextPaint: Schedule = (task) => {
  if (document.hidden) setTimeout(task, HIDDEN_PAGE_INTERVAL_MS)
  else requestAnimationFrame(task)
}
