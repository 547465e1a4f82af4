import { escapeHtml } from '../http/index.ts'
import type { ApiDescription, JsonSchema, Operation } from './openapi.ts'

/** The interface as a page to read: no script, one style sheet. */
export function docsPage(api: ApiDescription): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '')
  const names = [...groups.keys()].sort()
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parley: the HTTP interface</title><style>${style}</style></head><body><main>
<h1>The HTTP interface</h1>
<p>${escapeHtml(api.info.description)} The same as <a href="/api/docs.json">OpenAPI</a>.</p>
<nav aria-label="Groups">${names.map((name) => `<a href="#${name}">${escapeHtml(name)}</a>`).join(' ')}</nav>
${names.map((name) => `<section id="${name}"><h2>${escapeHtml(name)}</h2>${(groups.get(name) ?? []).map(operationHtml).join('')}</section>`).join('\n')}
</main></body></html>`
}

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const body = operation.requestBody && Object.entries(operation.requestBody.content)[0]
  return `<article><h3><code>${method.toUpperCase()} ${escapeHtml(path)}</code> <small>${who[operation['x-access']] ?? ''}</small></h3>
<p>${escapeHtml(operation.summary)}</p>${parametersHtml(operation)}${body ? `<pre tabindex="0">${escapeHtml(sketch(body[1].schema))}</pre>` : ''}</article>`
}

const who: Record<string, string> = {
  anyone: 'anyone',
  customer: 'the customer of the order',
  agent: 'staff',
  manager: 'managers',
  admin: 'admins',
}

function parametersHtml({ parameters }: Operation): string {
  if (!parameters.length) return ''
  const items = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<li><code>${escapeHtml(name)}</code> in the ${place}${required ? '' : ', optional'}: <code>${escapeHtml(sketch(schema))}</code></li>`,
  )
  return `<ul>${items.join('')}</ul>`
}

/** A schema as a person would write the value down: `{ version: integer, items: [{ … }] }`. */
function sketch(schema: JsonSchema, indent = ''): string {
  if (schema['const'] !== undefined) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ')
  const choices = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined
  if (choices) return choices.map((choice) => sketch(choice, indent)).join(' | ')
  if (schema['type'] === 'array') return `[${sketch((schema['items'] ?? {}) as JsonSchema, indent)}]`
  if (schema['type'] === 'object' && schema['properties']) return sketchObject(schema, indent)
  return [schema['type'] ?? 'anything', bounds(schema)].filter(Boolean).join(' ')
}

function sketchObject(schema: JsonSchema, indent: string): string {
  const required = (schema['required'] ?? []) as string[]
  const inner = `${indent}  `
  const lines = Object.entries(schema['properties'] as Record<string, JsonSchema>).map(
    ([name, value]) => `${inner}${name}${required.includes(name) ? '' : '?'}: ${sketch(value, inner)}`,
  )
  return lines.length ? `{\n${lines.join('\n')}\n${indent}}` : '{}'
}

function bounds({ minimum, maximum, minLength, maxLength, format }: JsonSchema): string {
  const low = minimum ?? minLength
  const high = maximum ?? maxLength
  const shown = typeof high === 'number' && high < Number.MAX_SAFE_INTEGER ? high : undefined
  const range = low !== undefined || shown !== undefined ? `${low ?? ''}…${shown ?? ''}` : ''
  return [format, range].filter(Boolean).join(' ')
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem }
a { color: #0b6b4f }
article { border-top: 1px solid #8884; padding: .5rem 0 }
h3 { margin: .5rem 0 0; font-size: 1rem }
small { font-weight: normal; opacity: .75 }
pre { background: #8881; padding: .75rem; overflow: auto; border-radius: .5rem }
@media (prefers-color-scheme: dark) { a { color: #7fd6b8 } }
`
