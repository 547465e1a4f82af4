import { z } from 'zod'
import type { Route } from '../http/index.ts'

export type JsonSchema = Record<string, unknown>

export interface Operation {
  summary: string
  tags: string[]
  'x-access': string
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: JsonSchema }[]
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { description: string }>
}

export interface ApiDescription {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
}

/** The table of routes as OpenAPI 3.1. */
export function describeApi(routes: Route[]): ApiDescription {
  const paths: ApiDescription['paths'] = {}
  for (const route of routes) {
    if (route.hidden) continue
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = describe(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: '1',
      description:
        'Errors are { error: { code, message, details, reload } }; the services of the online store answer { errorMessage }. Money is an integer of minor units, times are ISO 8601 UTC.',
    },
    paths,
  }
}

function describe(route: Route): Operation {
  const schema = route.body && schemaOf(route.body)
  const type = route.raw ? 'application/octet-stream' : 'application/json'
  return {
    summary: route.summary,
    tags: [route.path.split('/').filter((part) => part && part !== 'api')[0] ?? 'other'],
    'x-access': route.access,
    parameters: [...parametersOf(route, 'path'), ...parametersOf(route, 'query')],
    ...((schema || route.raw) && {
      requestBody: { required: true, content: { [type]: { schema: schema ?? {} } } },
    }),
    responses: responsesOf(route),
  }
}

function parametersOf(route: Route, place: 'path' | 'query'): Operation['parameters'] {
  const declared = place === 'path' ? route.params : route.query
  const { properties = {}, required = [] } = (declared ? schemaOf(declared) : {}) as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  const names =
    place === 'path'
      ? [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
      : Object.keys(properties)
  return names.map((name) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: properties[name] ?? { type: 'string' },
  }))
}

function responsesOf(route: Route): Operation['responses'] {
  const responses: Operation['responses'] = { 200: { description: 'Done' } }
  if (route.params || route.query || route.body) responses['400'] = { description: 'The input is not right' }
  if (route.access !== 'anyone') responses['401'] = { description: 'No session' }
  if (route.path.includes(':')) responses['404'] = { description: 'Not found, or not yours' }
  else if (route.access !== 'anyone' && route.access !== 'customer') {
    responses['403'] = { description: `Needs the role ${route.access}` }
  }
  return responses
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema
  return rest
}
