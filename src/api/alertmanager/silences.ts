import type { FastifyInstance } from 'fastify'
import type { Silence } from '#storage/silences.ts'
import { byOf } from '../access/actor.ts'
import type { Services } from '../services.ts'
import { namingOf } from '../v1/audited-things.ts'
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
  const { storage, now, quietsChanged } = services
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
    const { replaces, ...silence } = form
    if (replaces !== undefined && !(await byId(replaces))) return refuseAs(reply, NOT_FOUND)
    const by = byOf(request, now())
    const id = await storage.transaction(async ({ silences, audit }) => {
      if (replaces !== undefined) await silences.end(replaces, now())
      const made = await silences.insert({ ...silence, createdAt: now() })
      const details = { matchers: silence.matchers as never, ends_at: new Date(silence.endsAt).toISOString() }
      await audit.insert({ ...by, action: 'create', object: 'silence', objectId: made, details })
      return made
    })
    await quietsChanged()
    return { silenceID: silenceUuid(id) }
  })

  app.delete<{ Params: { id: string } }>('/silence/:id', async (request, reply) => {
    const id = silenceNumber(request.params.id)
    if (id === undefined)
      return refuseAs(reply, {
        status: 422,
        code: 601,
        message: `silenceID in path ${NO_UUID}: "${request.params.id}"`,
      })
    const by = byOf(request, now())
    const details = (await namingOf('silence', id, services)) ?? {}
    const ended = await storage.transaction(async ({ silences, audit }) => {
      const done = await silences.end(id, now())
      if (done)
        await audit.insert({
          ...by,
          action: 'delete',
          object: 'silence',
          objectId: id,
          details,
        })
      return done
    })
    if (!ended && !(await byId(id))) return refuseAs(reply, NOT_FOUND)
    if (ended) await quietsChanged()
    return reply.status(200).send()
  })
}
