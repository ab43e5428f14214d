import type { FastifyInstance } from 'fastify'
import type { TableStatus } from '#core/table-wanted.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'

const ADMINISTRATOR = { role: 'administrator' } as const
const params = Type.Object({ name: Type.String({ maxLength: 200, description: 'As the file names it' }) })

const time = (at: number | null): string | null => (at === null ? null : iso(at))

const view = ({ name, readAt, takenAt, rows, trouble, waiting }: TableStatus) => ({
  name,
  read_at: time(readAt),
  taken_at: time(takenAt),
  rows,
  trouble,
  waiting: waiting && { ...waiting, since: iso(waiting.since) },
})

/** Tables that a file has read again and again. */
export const addTableRoutes = (app: FastifyInstance, { tables }: Services): void => {
  app.get(
    '/tables',
    { schema: { summary: 'Tables that are read again and again, and where they stand' } },
    async () => ({
      items: tables.list().map(view),
    }),
  )

  app.post<{ Params: { name: string } }>(
    '/tables/:name/read',
    { config: ADMINISTRATOR, schema: { params, summary: 'Read a table now' } },
    async ({ params: { name } }, reply) => {
      if (!(await tables.read(name))) return notFound(reply, 'table')
      return view(tables.list().find((one) => one.name === name)!)
    },
  )

  app.post<{ Params: { name: string } }>(
    '/tables/:name/confirm',
    { config: ADMINISTRATOR, schema: { params, summary: 'Take a table that lost many rows and waits for a yes' } },
    async ({ params: { name } }, reply) => {
      const taken = await tables.confirm(name)
      if (taken === undefined) return notFound(reply, 'table')
      if (!taken) return problem(reply, 409, 'not_failed', `The table ${name} waits for nothing.`)
      return view(tables.list().find((one) => one.name === name)!)
    },
  )
}
