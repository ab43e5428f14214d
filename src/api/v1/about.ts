import type { FastifyInstance } from 'fastify'
import { iso } from '#lib/time/iso.ts'
import { inEnglish } from '#templates/said.ts'
import { notesView, troubleView } from '#templates/trouble-view.ts'
import type { Services } from '../services.ts'
import { snakeKeys } from '../snake-keys.ts'

/** What runs here and how it does. */
export const addAboutRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/about', { schema: { summary: 'Versions, and how the server itself does' } }, async () => {
    const { trouble, notes, engine, ...facts } = await services.about()
    const outbox = await services.storage.notifications.counts()
    return {
      version: facts.version,
      node: process.version,
      database: services.storage.engine,
      started_at: iso(facts.startedAt),
      now: iso(services.now()),
      time_zone: facts.timeZone,
      language: facts.language,
      region: facts.region ?? null,
      url: facts.url ?? null,
      held_by_file: facts.heldByFile,
      memory_mb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
      disk_free_bytes: facts.diskFreeBytes,
      disk_total_bytes: facts.diskTotalBytes,
      trouble: trouble ? inEnglish(trouble) : null,
      /** The same as a code with its facts, and what that sentence is made of. */
      trouble_cause: trouble ? troubleView(trouble) : null,
      ...notesView(notes ?? []),
      engine: snakeKeys(engine ?? null),
      monitors: services.monitors().length,
      channels: services.channels().length,
      outbox: { pending: outbox.pending ?? 0, held: outbox.held ?? 0, failed: outbox.failed ?? 0 },
    }
  })
}
