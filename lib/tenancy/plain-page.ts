/**
 * Small pages that need no framework, for requests that belong to no site of ours. Pure and edge-safe; the same bytes for
 * everybody, and nothing of the request is repeated in them.
 */

/** A complete HTML document. The texts are ours, never a visitor's. */
export function plainPage({ title, text, nonce }: { title: string; text: string; nonce: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Grade Insight</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #f7f8fa; --line: #d9dee5 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf2; --soft: #a3adba; --paper: #12161c; --line: #2b323c } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", sans-serif }
main { max-width: 30rem; margin: 1.5rem; padding: 2rem; border: 1px solid var(--line); border-radius: .75rem }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.3 }
p { margin: 0; color: var(--soft) }
</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`
}
