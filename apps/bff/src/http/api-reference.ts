import { LOWEST_ROLE } from '../identity/rights.ts'
import type { Route } from './route.ts'

/** Styles of the reference page: a file of its own, because the content security policy allows none inline. */
export const API_REFERENCE_CSS = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; }
code { font-family: ui-monospace, monospace; white-space: nowrap; }
`

/** A page that lists every route; made from the table that the server uses. */
export function apiReferencePage(routes: readonly Route[], version: string): string {
  const groups = Map.groupBy(routes, (route) => route.path.split('/')[1] ?? '')
  const sections = [...groups].map(
    ([name, members]) => `<h2>${escaped(name)}</h2>
<table>
<thead><tr><th scope="col">Request</th><th scope="col">What it does</th><th scope="col">Who may</th></tr></thead>
<tbody>
${members.map(row).join('\n')}
</tbody>
</table>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Coreshift API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<h1>Coreshift API ${escaped(version)}</h1>
<p>JSON over HTTP. Send <code>Authorization: Bearer TOKEN</code>, or the session cookie of the page. Errors are
<code>application/problem+json</code> with a <code>code</code> and, for refusals, <code>reasons</code>.
Every schema is in the <a href="/api/openapi.json">OpenAPI 3.1 document</a>.</p>
${sections.join('\n')}
</body>
</html>
`
}

function row({ method, path, summary, access }: Route): string {
  const address = `/api/v1${path.replaceAll(/:([A-Za-z]+)/g, '{$1}')}`
  return `<tr><td><code>${method} ${escaped(address)}</code></td><td>${escaped(summary)}</td><td>${escaped(whoMay(access))}</td></tr>`
}

function whoMay(access: Route['access']): string {
  if (access === 'public') return 'everybody'
  if (access === 'signed-in') return 'everybody signed in'
  const role = LOWEST_ROLE[access]
  return role === 'admin' ? 'admin' : `${role} and higher`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
