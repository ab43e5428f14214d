import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isObject } from '#lib/json.ts'
import { failure } from './answers.ts'

/** Refuses an empty body and one without a required field, in the words and the order of the older panel. */
export const needs =
  (...required: readonly string[]) =>
  async ({ body }: FastifyRequest, reply: FastifyReply) => {
    if (!isObject(body) || Object.keys(body).length === 0) return failure(reply, 400, 'No se proporcionaron datos')
    const missing = required.find((field) => !Object.hasOwn(body, field))
    if (missing !== undefined) return failure(reply, 400, `Campo requerido: ${missing}`)
  }

/** Takes an announced JSON body that is empty as none: browsers of the older panel call toggles and tests like that. */
export const allowEmptyBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  )
}
