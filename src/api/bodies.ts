import type { FastifyInstance } from 'fastify'
import { isObject } from '#lib/json.ts'

/** Its code is looked up where errors become answers; what is said holds for every face. */
const packed = (encoding: string) =>
  Object.assign(new Error(`The body is packed (Content-Encoding: ${encoding}); send it as it is.`), {
    statusCode: 415,
    code: 'VIGIA_ENCODING',
  })

/** True where a body may be left out, for nothing in it must be there. */
const asksNothing = (schema: unknown): boolean =>
  isObject(schema) && schema.type === 'object' && !(Array.isArray(schema.required) && schema.required.length > 0)

/**
 * How bodies are taken at every door: an empty one that JSON was announced for is none, as helpers of scripts send it with
 * each call, none is an object of defaults where a route needs no more, and a packed one is refused as what it is. A call
 * on a public address counts whatever it brings. Hooks of every request have callbacks: a promise each would be felt.
 */
export const addBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  )
  // What is made from nothing must be meant: only a verb on something that is there needs no body.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined) {
      const { schema, method } = request.routeOptions
      if (method === 'POST' && 'id' in (request.params as object) && asksNothing(schema?.body)) request.body = {}
    }
    done()
  })
  app.addHook('preParsing', ({ headers, routeOptions }, _reply, _payload, done) => {
    const encoding = headers['content-encoding']?.trim() ?? ''
    const taken = encoding === '' || /^identity$/i.test(encoding) || routeOptions.config.public
    done(taken ? null : packed(encoding.slice(0, 40)))
  })
}
