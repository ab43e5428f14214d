import type { FastifyInstance } from 'fastify'
import { readPlaces } from '#config/places/read-places.ts'
import { networkMap } from '#core/map/network-map.ts'
import { refused } from '#core/problem.ts'
import { type Static, Type } from '#lib/schema.ts'
import { mapGround, mapGroundData } from '#operations/map.ts'
import { byOf } from '../access/by.ts'
import { notFound } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { anId } from './lists.ts'

const LARGEST_FILE = 5_000_000
/** Base64 of that, with what stands around it. */
const LARGEST_BODY = 7_000_000
const UNKNOWN_SHOWN = 100

const label = Type.String({ minLength: 1, maxLength: 200 })
const mapQuery = Type.Object({
  label: Type.Optional(label),
  monitor: Type.Optional(anId('Whose node is told as `focus`')),
})
const name = Type.String({ minLength: 1, maxLength: 200 })
const placesForm = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          name,
          lat: Type.Number({ minimum: -90, maximum: 90 }),
          lon: Type.Number({ minimum: -180, maximum: 180 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 10_000 },
    ),
  },
  { additionalProperties: false },
)
const data = Type.String({ minLength: 1, maxLength: LARGEST_BODY, description: 'The bytes of a file as base64' })
const edge = (limit: number) => Type.Number({ minimum: -limit, maximum: limit })
const groundForm = Type.Object(
  {
    data: Type.Optional({ ...data, description: 'The bytes of a file as base64; absent: only the edges change' }),
    bounds: Type.Optional(
      Type.Object(
        { south: edge(90), west: edge(180), north: edge(90), east: edge(180) },
        { additionalProperties: false, description: 'Where the edges of a picture are, degrees' },
      ),
    ),
  },
  { additionalProperties: false },
)
const importForm = Type.Object({ data, label: Type.Optional(label) }, { additionalProperties: false })

/** The network on a map: what stands where, what is reached through what, and how it does. */
export const addMapRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, topology, cutOff, latest } = services
  const operations = services.operations.map
  const tooLarge = () =>
    refused('invalid_input', 'data', 'at most 5 MB', { code: 'too_long', facts: { limit: LARGEST_FILE } })

  app.get<{ Querystring: { label?: string; monitor?: number } }>(
    '/map',
    {
      schema: {
        summary: 'Monitors and sites with their places and states, and links between what is reached through what',
        querystring: mapQuery,
      },
    },
    async ({ query: { label: by = 'site', monitor } }) => {
      const states = new Map((await storage.states.all()).map(({ monitorId, state }) => [monitorId, state]))
      const monitors = services.monitors().map(({ monitor }) => ({
        monitor,
        state: states.get(monitor.id) ?? ('unknown' as const),
        loss: latest(monitor.id)?.loss ?? Number.NaN,
      }))
      const places = await storage.places.list()
      const ground = await mapGround(storage)
      const { keyOf, ...map } = networkMap(monitors, places, by, { topology: topology(), cutOff: cutOff() })
      const focus = monitor === undefined ? undefined : (keyOf.get(monitor) ?? null)
      return { label: by, ground: ground ?? null, ...map, ...(focus !== undefined && { focus }) }
    },
  )

  app.get(
    '/map/ground',
    { schema: { summary: 'The picture or the shapes that the map is drawn upon' } },
    async (_, reply) => {
      const ground = await mapGround(storage)
      if (!ground) return notFound(reply, 'picture')
      return reply
        .type(ground.type)
        .header('cache-control', 'private, max-age=86400')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(await mapGroundData(storage))
    },
  )

  app.put<{ Body: Static<typeof groundForm> }>(
    '/map/ground',
    {
      bodyLimit: LARGEST_BODY,
      schema: { summary: 'Lay a picture (PNG, JPEG, WebP) or GeoJSON under the map', body: groundForm },
    },
    async (request, reply) => {
      const { data: text, bounds } = request.body
      const bytes = text === undefined ? undefined : Buffer.from(text, 'base64')
      if (bytes && bytes.length > LARGEST_FILE) return refuse(reply, tooLarge().problem)
      const laid = await operations.lay({ ...byOf(request), asked: {} }, bytes, bounds)
      return laid.ok ? laid.value : refuse(reply, laid.problem)
    },
  )

  app.delete('/map/ground', { schema: { summary: 'Take away what lies under the map' } }, async (request, reply) => {
    const cleared = await operations.clear(byOf(request))
    return cleared.ok ? reply.status(204).send() : refuse(reply, cleared.problem)
  })

  app.put<{ Body: Static<typeof placesForm> }>(
    '/map/places',
    { schema: { summary: 'Put monitors and sites, by name, on the map', body: placesForm } },
    async (request, reply) => {
      const put = await operations.place(byOf(request), request.body.items)
      return put.ok ? { placed: request.body.items.length } : refuse(reply, put.problem)
    },
  )

  app.delete<{ Params: { name: string } }>(
    '/map/places/:name',
    { schema: { summary: 'Take a monitor or a site from the map', params: Type.Object({ name }) } },
    async (request, reply) => {
      const lifted = await operations.lift(byOf(request), [request.params.name])
      return lifted.ok ? reply.status(204).send() : refuse(reply, lifted.problem)
    },
  )

  app.post<{ Body: Static<typeof importForm> }>(
    '/map/import',
    {
      bodyLimit: LARGEST_BODY,
      schema: { summary: 'Put on the map what a table (CSV), a KML or a KMZ file names', body: importForm },
    },
    async (request, reply) => {
      const { label: by = 'site' } = request.body
      const bytes = Buffer.from(request.body.data, 'base64')
      if (bytes.length > LARGEST_FILE) return refuse(reply, tooLarge().problem)
      const read = readPlaces(bytes)
      if (!read.ok) return refuse(reply, refused('invalid_input', 'data', read.message, read).problem)
      const monitors = services.monitors().map(({ monitor }) => monitor)
      const held = new Set(monitors.filter(({ lat, origin }) => lat !== undefined && origin).map((one) => one.name))
      const known = new Set(
        monitors.flatMap((one) => [one.name, ...(Object.hasOwn(one.labels, by) ? [one.labels[by]!] : [])]),
      )
      const wanted = read.places.filter((place) => known.has(place.name) && !held.has(place.name))
      if (wanted.length > 0) {
        const put = await operations.place({ ...byOf(request), asked: {} }, wanted)
        if (!put.ok) return refuse(reply, put.problem)
      }
      const unknown = read.places.filter((place) => !known.has(place.name)).map((place) => place.name)
      return { placed: wanted.length, unknown: unknown.slice(0, UNKNOWN_SHOWN), unknown_count: unknown.length }
    },
  )
}
