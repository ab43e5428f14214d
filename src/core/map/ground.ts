import { isObject } from '#lib/json.ts'

/** Where the edges of a picture are, degrees. */
export interface Bounds {
  readonly south: number
  readonly west: number
  readonly north: number
  readonly east: number
}

type Point = readonly [lon: number, lat: number]

/** Lines and outlines of a map, and nothing else of what they came in. */
export interface Shapes {
  readonly lines: readonly (readonly Point[])[]
  /** Each with its holes. */
  readonly areas: readonly (readonly (readonly Point[])[])[]
}

/** Kinds of pictures that a browser shows and that run nothing. */
const PICTURES = [
  { type: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', magic: [0xff, 0xd8, 0xff] },
] as const

/** What a picture is, by its first bytes, whatever it is called; undefined for all else, drawings with scripts among it. */
export const pictureType = (bytes: Uint8Array): string | undefined => {
  const known = PICTURES.find(({ magic }) => magic.every((byte, index) => bytes[index] === byte))
  if (known) return known.type
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  return text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP' ? 'image/webp' : undefined
}

/** Whether degrees bound a part of the earth, which does not cross the date line. */
export const areBounds = ({ south, west, north, east }: Bounds): boolean =>
  south < north && west < east && Math.abs(south) <= 90 && Math.abs(north) <= 90 && west >= -180 && east <= 180

const MOST_POINTS = 200_000
const DEEPEST = 8

const pointOf = (value: unknown): Point | undefined => {
  if (!Array.isArray(value)) return undefined
  const [lon, lat] = value as unknown[]
  if (typeof lon !== 'number' || typeof lat !== 'number' || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    return undefined
  return [lon, lat]
}

/**
 * Lines and outlines of GeoJSON (RFC 7946); undefined for what is none, has a point that is not on earth, or more points than
 * a page can draw. Names, properties and whatever else stands there are left out.
 */
export const shapesOf = (value: unknown): Shapes | undefined => {
  const lines: Point[][] = []
  const areas: Point[][][] = []
  let points = 0
  const path = (coordinates: unknown): Point[] => {
    if (!Array.isArray(coordinates)) throw new RangeError()
    points += coordinates.length
    if (points > MOST_POINTS) throw new RangeError()
    return coordinates.map((one) => {
      const point = pointOf(one)
      if (!point) throw new RangeError()
      return point
    })
  }
  const paths = (coordinates: unknown): Point[][] => {
    if (!Array.isArray(coordinates)) throw new RangeError()
    return coordinates.map(path)
  }
  const take = (one: unknown, depth: number): void => {
    if (!isObject(one) || depth > DEEPEST) throw new RangeError()
    const { type, coordinates, geometry, geometries, features } = one
    if (type === 'LineString') lines.push(path(coordinates))
    else if (type === 'MultiLineString') lines.push(...paths(coordinates))
    else if (type === 'Polygon') areas.push(paths(coordinates))
    else if (type === 'MultiPolygon' && Array.isArray(coordinates)) areas.push(...coordinates.map(paths))
    else if (type === 'Feature') geometry === null || take(geometry, depth + 1)
    else if (type === 'FeatureCollection' && Array.isArray(features)) for (const each of features) take(each, depth + 1)
    else if (type === 'GeometryCollection' && Array.isArray(geometries))
      for (const each of geometries) take(each, depth + 1)
    else if (type !== 'Point' && type !== 'MultiPoint') throw new RangeError()
  }
  try {
    take(value, 0)
    return { lines, areas }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
