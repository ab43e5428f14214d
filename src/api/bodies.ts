import type { FastifyInstance } from 'fastify'

/** Its code is looked up where errors become answers; what is said holds for every face. */
const packed = (encoding: string) =>
  Object.assign(new Error(`The body is packed (Content-Encoding: ${encoding}); send it as it is.`), {
    statusCode: 415,
    code: 'VIGIA_ENCODING',
  })

/**
 * How bodies are taken at every door: an empty one that JSON was announced for is none, as helpers of scripts send it with
 * each call, and a packed one is refused as what it is. A call on a public address counts whatever it brings.
 */
export const addBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  )
  app.addHook('preParsing', async ({ headers, routeOptions }) => {
    const encoding = headers['content-encoding']?.trim() ?? ''
    if (!/^(identity)?$/i.test(encoding) && !routeOptions.config.public) throw packed(encoding.slice(0, 40))
  })
}
