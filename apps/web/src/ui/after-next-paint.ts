/**
 * Runs a task when the next frame has been painted: what a person has just done is on screen before its consequences cost
 * anything.
 * @returns how to call it off
 */
export function afterNextPaint(task: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(task)
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
