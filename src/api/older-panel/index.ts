import type { FastifyError, FastifyInstance } from 'fastify'
import { isPassing } from '#storage/storage-error.ts'
import { inBothLanguages } from '#templates/said.ts'
import type { Fault } from '../problem.ts'
import type { Services } from '../services.ts'
import { failure } from './answers.ts'
import { addChannels } from './channels.ts'
import { addLogs } from './logs.ts'
import { addRules } from './rules.ts'
import { addTestAlert } from './test-alert.ts'

const REFUSALS: Readonly<Record<string, readonly [number, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'El cuerpo supera 1 MB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'Envíe application/json'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'El cuerpo no es JSON válido'],
}

const addRefusals = (app: FastifyInstance, onBug: (error: unknown) => void): void => {
  app.setErrorHandler((error: FastifyError & { faults?: readonly Fault[] }, _request, reply) => {
    const [fault] = error.faults ?? []
    if (fault)
      return failure(
        reply,
        400,
        `${fault.path || 'El cuerpo'}: ${inBothLanguages(fault)['x-es']?.message ?? fault.message}`,
      )
    const known = REFUSALS[error.code]
    if (known) return failure(reply, ...known)
    const status = error.statusCode ?? 500
    if (status < 500) return failure(reply, status, error.message)
    if (isPassing(error)) return failure(reply, 503, 'La base de datos no responde; intente de nuevo en un momento')
    onBug(error)
    return reply.status(500).send({ error: 'Internal server error' })
  })
}

/**
 * The API of the older security panel under /alerts/api: its paths, fields, statuses and messages over the same channels,
 * rules and deliveries as /api/v1.
 */
export const addOlderPanel = (app: FastifyInstance, services: Services, onBug: (error: unknown) => void): void => {
  void app.register(
    async (panel) => {
      addRefusals(panel, onBug)
      for (const add of [addChannels, addRules, addLogs, addTestAlert]) add(panel, services)
    },
    { prefix: '/alerts/api' },
  )
}
