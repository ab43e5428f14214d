import type { FastifyInstance } from 'fastify'
import { iso } from '#lib/time/iso.ts'
import { AuditList, AuditQuery } from './schemas.ts'
import type { AccessTools } from './tools.ts'

export const addAuditApi = (app: FastifyInstance, { storage }: AccessTools): void => {
  app.get<{ Querystring: AuditQuery }>(
    '/audit',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Who changed what, newest first',
        querystring: AuditQuery,
        response: { 200: AuditList },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const entries = await storage.audit.list({
        limit: limit + 1,
        before: cursor === undefined ? undefined : Number(cursor),
      })
      const shown = entries.slice(0, limit)
      return {
        items: shown.map(({ at, objectId, ...entry }) => ({ ...entry, at: iso(at), object_id: objectId })),
        next_cursor: entries.length > limit ? String(shown.at(-1)!.id) : null,
      }
    },
  )
}
