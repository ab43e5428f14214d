import type { FastifyInstance } from 'fastify'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Outcome } from '#core/problem.ts'
import type { JsonObject } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import { inBothLanguages } from '#templates/said.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { manyIds } from './lists.ts'
import { type PauseBody, pauseFields, pausingOf } from './pause-form.ts'

const MOST = 1000
const batch = Type.Object(
  {
    items: Type.Array(Type.Unknown({ description: 'A monitor, in the words of the file' }), {
      minItems: 1,
      maxItems: MOST,
    }),
    dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Only tells what would be made' })),
  },
  { additionalProperties: false },
)

const pauseMany = Type.Object({ ids: manyIds, ...pauseFields }, { additionalProperties: false })
const silenceMany = Type.Object(
  {
    ids: manyIds,
    ends_at: Type.String({ maxLength: 100, description: 'ISO 8601' }),
    comment: Type.Optional(Type.String({ maxLength: 2000, default: '' })),
  },
  { additionalProperties: false },
)
const changeMany = Type.Object(
  {
    ids: manyIds,
    change: Type.Object({}, { description: 'What all of them get, in the words of the file; labels are added' }),
  },
  { additionalProperties: false },
)

const outcomes = (ids: readonly number[], results: readonly Outcome<Monitor>[]) => ({
  items: ids.map((id, index) => {
    const result = results[index]!
    return result.ok ? { id, ok: true } : { id, ok: false, ...inBothLanguages(result.problem) }
  }),
})

/** Many monitors in one request: each is taken or refused by itself. */
export const addMonitorBatchRoutes = (app: FastifyInstance, services: Services): void => {
  const { now } = services
  const { monitors, quiets } = services.operations
  app.post<{ Body: PauseBody & { readonly ids: readonly number[] } }>(
    '/monitors/pause',
    { schema: { summary: 'Pause many monitors, or let them go on', body: pauseMany } },
    async (request, reply) => {
      const pausing = pausingOf(request.body, now())
      if (!pausing.ok) return refuse(reply, pausing.problem)
      const { ids } = request.body
      return outcomes(ids, await monitors.pauseAll(byOf(request), ids, pausing.value))
    },
  )

  app.post<{ Body: Static<typeof silenceMany> }>(
    '/monitors/silence',
    { schema: { summary: 'Silence many monitors, each by a silence of its own', body: silenceMany } },
    async (request, reply) => {
      const { ids, ends_at, comment = '' } = request.body
      const names = ids.flatMap((id) => services.monitor(id)?.monitor.name ?? [])
      const begun = await quiets.silenceMonitors(byOf(request), names, { endsAt: Date.parse(ends_at), comment })
      return begun.ok ? { silences: begun.value } : refuse(reply, begun.problem)
    },
  )

  app.patch<{ Body: { readonly ids: readonly number[]; readonly change: JsonObject } }>(
    '/monitors',
    { schema: { summary: 'Change what many monitors have in common; each is taken or refused', body: changeMany } },
    async (request) => {
      const { ids, change } = request.body
      return outcomes(ids, await monitors.updateAll(byOf(request), ids, change))
    },
  )

  app.post<{ Body: Static<typeof batch> }>(
    '/monitors/batch',
    {
      // A list is as long as it is; the audit log keeps that it was sent.
      bodyLimit: 4 * 1024 * 1024,
      schema: { summary: 'Make many monitors; each is taken or refused by itself', body: batch },
    },
    async (request) => {
      const { items, dry_run: dryRun = false } = request.body
      const results = await monitors.createAll(byOf(request), items, dryRun)
      return {
        items: results.map((result) =>
          result.ok
            ? { ok: true, id: result.value.id ?? null, name: result.value.name, type: result.value.type }
            : { ok: false, ...inBothLanguages(result.problem) },
        ),
      }
    },
  )
}
