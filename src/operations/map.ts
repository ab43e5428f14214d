import { areBounds, type Bounds, pictureType, shapesOf } from '#core/map/ground.ts'
import { isPlace, type NamedPlace } from '#core/map/place.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { By } from '#core/who/by.ts'
import type { Repositories } from '#storage/index.ts'
import { changed, type Operate } from './operation.ts'

/** What a map is drawn upon: the operator's own picture or shapes; nothing is fetched from anywhere. */
export interface MapGround {
  readonly kind: 'picture' | 'shapes'
  /** Of a picture, as a browser is told it. */
  readonly type: string
  readonly bounds: Bounds | null
  /** Another number for each that was laid. */
  readonly edition: number
}

export interface MapDeps {
  readonly operate: Operate
  /** Names of monitors whose places a file says. */
  readonly heldByFile: () => ReadonlySet<string>
}

export interface MapOperations {
  /** Puts these on the map. */
  place(by: By, places: readonly NamedPlace[]): Promise<Outcome<undefined>>
  /** Takes these from it. */
  lift(by: By, names: readonly string[]): Promise<Outcome<undefined>>
  /** Lays a picture or GeoJSON under it; which of them it is, is told by its bytes. Without any, the edges of the picture change. */
  lay(by: By, bytes: Buffer | undefined, bounds: Bounds | undefined): Promise<Outcome<MapGround>>
  /** Takes it away. */
  clear(by: By): Promise<Outcome<undefined>>
}

const GROUND = 'map_ground'
const DATA = 'map_ground_data'
const MOST_PLACES = 100_000
/** Of a picture that nobody said the place of. */
const ANYWHERE: Bounds = { south: 0, west: 0, north: 10, east: 10 }

type Settings = Pick<Repositories, 'settings'>

/** What the map is drawn upon; undefined where it is nothing. */
export const mapGround = async ({ settings }: Settings): Promise<MapGround | undefined> =>
  ((await settings.get(GROUND)) as MapGround | null | undefined) ?? undefined

/** Its bytes: those of the picture, or the shapes as JSON. */
export const mapGroundData = async ({ settings }: Settings): Promise<Buffer> =>
  Buffer.from((await settings.get<string>(DATA)) ?? '', 'base64')

const readShapes = (bytes: Buffer) => {
  try {
    return shapesOf(JSON.parse(bytes.toString('utf8')))
  } catch {
    return undefined
  }
}

export const createMapOperations = ({ operate, heldByFile }: MapDeps): MapOperations => {
  const keep = (by: By, ground: Omit<MapGround, 'edition'>, data: Buffer) =>
    operate(by, async ({ settings }) => {
      const before = await mapGround({ settings })
      const laid = { ...ground, edition: (before?.edition ?? 0) + 1 }
      await settings.set(GROUND, { ...laid, bounds: laid.bounds && { ...laid.bounds } })
      await settings.set(DATA, data.toString('base64'))
      return changed(laid, { action: 'update', object: 'map', objectId: null, after: { name: laid.kind } })
    })

  const move = (by: By, bounds: Bounds | undefined): Promise<Outcome<MapGround>> =>
    operate(by, async ({ settings }) => {
      const before = await mapGround({ settings })
      if (before?.kind !== 'picture' || !bounds) return notThere('picture whose edges could change')
      const moved = { ...before, bounds }
      await settings.set(GROUND, { ...moved, bounds: { ...bounds } })
      return changed(moved, { action: 'update', object: 'map', objectId: null, after: { name: before.kind } })
    })

  return {
    place: async (by, places) => {
      const wrong = places.findIndex((place) => !isPlace(place))
      if (wrong >= 0)
        return refused('invalid_input', `items.${wrong}`, 'this is no place on earth', { code: 'bad_form', facts: {} })
      const held = places.find(({ name }) => heldByFile().has(name))
      if (held) return refused('owned_by_file', '', `The configuration file says where ${held.name} is.`)
      return operate(by, async (repositories) => {
        await repositories.places.put(places.slice(0, MOST_PLACES))
        const after = { name: places.length === 1 ? places[0]!.name : String(places.length) }
        return changed(undefined, { action: 'place', object: 'map', objectId: null, after })
      })
    },
    lift: (by, names) =>
      operate(by, async (repositories) => {
        await repositories.places.remove(names)
        return changed(undefined, { action: 'lift', object: 'map', objectId: null, after: { name: names.join(', ') } })
      }),
    lay: async (by, bytes, bounds) => {
      if (bounds && !areBounds(bounds))
        return refused('invalid_input', 'bounds', 'these are no edges on earth', { code: 'bad_form', facts: {} })
      if (!bytes) return move(by, bounds)
      const type = pictureType(bytes)
      if (type !== undefined) return keep(by, { kind: 'picture', type, bounds: bounds ?? ANYWHERE }, bytes)
      const shapes = readShapes(bytes)
      if (shapes) {
        const text = Buffer.from(JSON.stringify(shapes))
        return keep(by, { kind: 'shapes', type: 'application/json', bounds: null }, text)
      }
      const english = 'This is neither a picture (PNG, JPEG, WebP) nor GeoJSON with at most 200,000 points on earth.'
      const spanish =
        'Esto no es una imagen (PNG, JPEG, WebP) ni un GeoJSON con 200.000 puntos de la Tierra como máximo.'
      return refused('invalid_input', 'data', english, says(english, spanish))
    },
    clear: (by) =>
      operate(by, async ({ settings }) => {
        const before = await mapGround({ settings })
        if (!before) return changed(undefined)
        await settings.set(GROUND, null)
        await settings.set(DATA, '')
        return changed(undefined, { action: 'delete', object: 'map', objectId: null, before: { name: before.kind } })
      }),
  }
}
