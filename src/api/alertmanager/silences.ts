import type { FastifyInstance } from 'fastify'
import type { Silence } from '#storage/silences.ts'
import { byOf } from '../access/by.ts'
import type { Services } from '../services.ts'
import { refuseAs } from './answers.ts'
import { type LabelFilter, readFilters } from './filters.ts'
import { readSilence, silenceNumber, silenceUuid, silenceView } from './silence-form.ts'

const MOST_SHOWN = 1000
const NOT_FOUND = { status: 404, message: 'silence not found' } as const
const NO_UUID = 'must be of type uuid'

type View = ReturnType<typeof silenceView>

const operatorOf = ({ isRegex, isEqual }: View['matchers'][number]) =>
  isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!='

/** A filter asks for silences that have this matcher, as `amtool silence query` means it. */
const has = ({ matchers }: View, { name, operator, value }: LabelFilter): boolean =>
  matchers.some((one) => one.name === name && one.value === value && operatorOf(one) === operator)

/** Silences by Alertmanager's words: the same ones as under /api/v1/silences. */
export const addSilences = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services
  const { quiets } = services.operations
  const byId = async (id: number): Promise<Silence | undefined> => {
    const [found] = await storage.silences.list(1, id + 1)
    return found?.id === id ? found : undefined
  }

  app.get('/silences', async (request, reply) => {
    const filters = readFilters((request.query as { filter?: unknown }).filter)
    if (typeof filters === 'string') return refuseAs(reply, { status: 400, message: filters })
    const views = (await storage.silences.list(MOST_SHOWN)).map((silence) => silenceView(silence, now()))
    return views.filter((view) => filters.every((filter) => has(view, filter)))
  })

  app.get<{ Params: { id: string } }>('/silence/:id', async ({ params }, reply) => {
    const id = silenceNumber(params.id)
    if (id === undefined)
      return refuseAs(reply, { status: 422, code: 601, message: `silenceID in path ${NO_UUID}: "${params.id}"` })
    const silence = await byId(id)
    return silence ? silenceView(silence, now()) : reply.status(404).send()
  })

  app.post('/silences', async (request, reply) => {
    const form = readSilence(request.body, now())
    if ('status' in form) return refuseAs(reply, form)
    const { replaces, createdBy, ...silence } = form
    if (replaces !== undefined && !(await byId(replaces))) return refuseAs(reply, NOT_FOUND)
    const begun = await quiets.beginSilence({ ...byOf(request), name: createdBy }, silence, replaces)
    if (!begun.ok) return refuseAs(reply, { status: 400, message: `silence invalid: ${begun.problem.message}` })
    return { silenceID: silenceUuid(begun.value.id) }
  })

  app.delete<{ Params: { id: string } }>('/silence/:id', async (request, reply) => {
    const id = silenceNumber(request.params.id)
    if (id === undefined)
      return refuseAs(reply, {
        status: 422,
        code: 601,
        message: `silenceID in path ${NO_UUID}: "${request.params.id}"`,
      })
    const ended = await quiets.endSilence(byOf(request), id)
    if (!ended.ok && !(await byId(id))) return refuseAs(reply, NOT_FOUND)
    return reply.status(200).send()
  })
}
