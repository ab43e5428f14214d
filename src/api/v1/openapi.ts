import type { FastifyInstance, RouteOptions } from 'fastify'
import { escapeHtml } from '#lib/text/html.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** One line for the OpenAPI document. */
    summary?: string
  }
  interface FastifyContextConfig {
    /** Schema of a body that the handler itself reads. */
    body?: object
    /** Schema of the headers that it reads. */
    headers?: object
    /** Media types of the body beside JSON, and of the answer instead of it. */
    consumes?: readonly string[]
    produces?: string
  }
}

interface Route {
  readonly method: string
  readonly path: string
  readonly options: RouteOptions
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, object>>
  readonly required?: readonly string[]
}

const parametersOf = (schema: ObjectSchema | undefined, place: 'path' | 'query' | 'header') =>
  Object.entries(schema?.properties ?? {}).map(
    ([name, { description, ...rest }]: [string, { description?: string }]) => ({
      name,
      in: place,
      required: place === 'path' || (schema?.required?.includes(name) ?? false),
      ...(description && { description }),
      schema: rest,
    }),
  )

const PROBLEM = {
  description: 'What is wrong, with a stable code (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

const contentOf = (schema: object, others: readonly string[]): Record<string, { readonly schema: object }> => ({
  // A file comes as it is.
  ...(!('format' in schema && schema.format === 'binary') && { 'application/json': { schema } }),
  ...Object.fromEntries(others.map((type) => [type, { schema: { type: 'string' } }])),
})

const operationOf = ({ method, path, options }: Route) => {
  const {
    params,
    querystring,
    body: validated,
    response = {},
  } = (options.schema ?? {}) as {
    params?: ObjectSchema
    querystring?: ObjectSchema
    body?: object
    response?: Readonly<Record<string, object>>
  }
  // What the handler itself reads tells more than what was checked before it.
  const body = options.config?.body ?? validated
  const { headers, consumes = [], produces = 'application/json' } = options.config ?? {}
  const [[status = '2XX', answer = {}] = []] = Object.entries(response)
  const word = path.split('/')[3] ?? 'server'
  return {
    operationId: `${method.toLowerCase()}_${path.replace(/^\/api\/v1\//, '').replace(/[^a-z0-9]+/gi, '_')}`.replace(
      /_$/,
      '',
    ),
    summary: (options.schema as { summary?: string } | undefined)?.summary ?? `${method} ${path}`,
    tags: [word],
    parameters: [
      ...parametersOf(params, 'path'),
      ...parametersOf(querystring, 'query'),
      ...parametersOf(headers, 'header'),
    ],
    ...(body && { requestBody: { required: true, content: contentOf(body, consumes) } }),
    responses: {
      [status]: { description: 'Done', content: { [produces]: { schema: answer } } },
      '4XX': PROBLEM,
    },
  }
}

const document = (routes: readonly Route[], version: string) => {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf({ ...route, path }) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Vigía', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Problem: {
          type: 'object',
          required: ['status', 'code', 'detail'],
          properties: {
            type: { type: 'string' },
            status: { type: 'integer' },
            code: { type: 'string' },
            detail: { type: 'string' },
            errors: {
              type: 'array',
              items: {
                type: 'object',
                properties: { path: { type: 'string' }, message: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  }
}

type Document = ReturnType<typeof document>

/** A page to read the document without a network: each operation with its parameters. */
const readingPage = (openapi: Document): string => {
  const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { summary, parameters, requestBody } = operation as ReturnType<typeof operationOf>
      const rows = parameters.map(
        (one) => `<li><code>${escapeHtml(one.name)}</code> (${one.in}) ${escapeHtml(one.description ?? '')}</li>`,
      )
      const body = requestBody
        ? `<pre>${escapeHtml(JSON.stringify(Object.values(requestBody.content)[0]!.schema, null, 2))}</pre>`
        : ''
      return `<details><summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code> ${escapeHtml(summary)}</summary><ul>${rows.join('')}</ul>${body}</details>`
    }),
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Vigía API</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto;font-size:13px}details{margin:.3rem 0}</style></head><body><h1>Vigía API</h1><p><a href="/api/v1/openapi.json">openapi.json</a></p>${operations.join('')}</body></html>`
}

/**
 * Gathers the routes that are added after it, and serves what it knows of them at /openapi.json and /docs. The guards
 * of roles come from the routes themselves.
 */
export const addOpenApi = (app: FastifyInstance, version: string): void => {
  const routes: Route[] = []
  app.addHook('onRoute', (options) => {
    if (!options.url.startsWith('/api/v1/')) return
    for (const method of [options.method].flat())
      if (method !== 'HEAD' && method !== 'OPTIONS') routes.push({ method, path: options.url, options })
  })
  let made: Document | undefined
  const get = () => {
    made ??= document(routes, version)
    return made
  }
  app.get('/api/v1/openapi.json', { schema: { summary: 'This document' } }, async () => get())
  const page = { schema: { summary: 'A page to read it' }, config: { produces: 'text/html' } }
  app.get('/api/v1/docs', page, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(readingPage(get())),
  )
}
