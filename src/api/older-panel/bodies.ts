import type { FastifyReply, FastifyRequest } from 'fastify'
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
