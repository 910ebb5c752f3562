// Runs before the first paint, so that the page does not flash in the wrong colours. It is a file of its own
// because the content security policy allows no inline script. The key and values are those of
// src/ui/color-scheme.ts.
;(function () {
  let choice = null
  try {
    choice = localStorage.getItem('coreshift.color-scheme')
  } catch {
    // Storage is forbidden in this browser: the system's choice stands.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark)
})()
