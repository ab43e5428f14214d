import type { FastifyInstance } from 'fastify'
import { type Static, Type } from '#lib/schema.ts'
import { inBothLanguages } from '#templates/said.ts'
import { byOf } from '../access/by.ts'
import type { Services } from '../services.ts'

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

/** Many monitors in one request: each is taken or refused by itself. */
export const addMonitorBatchRoutes = (app: FastifyInstance, { operations: { monitors } }: Services): void => {
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
