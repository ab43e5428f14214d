import { degreesOf, type NamedPlace } from '#core/map/place.ts'
import { type Said, says } from '#core/said.ts'
import { inEnglish, inSpanish } from '#templates/said.ts'
import { decodeTable, readCsv } from '../csv.ts'
import { readKml } from './kml.ts'
import { isZip, kmlInside } from './kmz.ts'

export type ReadPlaces = { readonly ok: true; readonly places: readonly NamedPlace[] } | ({ readonly ok: false } & Said)

const refuse = (english: string, spanish: string): ReadPlaces => ({ ok: false, ...says(english, spanish) })

const NAMES = ['name', 'nombre', 'monitor', 'site', 'sitio', 'nodo']
const LATS = ['lat', 'latitude', 'latitud', 'y']
const LONS = ['lon', 'lng', 'long', 'longitude', 'longitud', 'x']

/** A table with a column for the name and one for each of the two. */
const fromTable = (text: string): ReadPlaces => {
  const table = readCsv(text)
  if (!table.ok)
    return refuse(`Line ${table.line}: ${inEnglish(table.why)}.`, `Línea ${table.line}: ${inSpanish(table.why)}.`)
  const column = (names: readonly string[]) => table.columns.find((one) => names.includes(one.trim().toLowerCase()))
  const [name, lat, lon] = [column(NAMES), column(LATS), column(LONS)]
  if (name === undefined || lat === undefined || lon === undefined)
    return refuse(
      'The first line names no columns name, lat and lon.',
      'La primera línea no nombra las columnas name, lat y lon.',
    )
  const places: NamedPlace[] = []
  for (const { line, values } of table.rows) {
    if (values[lat] === '' && values[lon] === '') continue
    const [y, x] = [degreesOf(values[lat]!, 90), degreesOf(values[lon]!, 180)]
    if (y === undefined || x === undefined || values[name] === '')
      return refuse(
        `Line ${line}: this is no place: ${values[lat]} ${values[lon]}. Write -31.42 and -64.18.`,
        `Línea ${line}: esto no es un lugar: ${values[lat]} ${values[lon]}. Escriba -31.42 y -64.18.`,
      )
    places.push({ name: values[name]!, lat: y, lon: x })
  }
  return { ok: true, places }
}

/** Places by name of a table (CSV), a KML or a KMZ file, told by what is in it. */
export const readPlaces = (bytes: Buffer): ReadPlaces => {
  const zipped = isZip(bytes)
  const text = zipped ? kmlInside(bytes) : decodeTable(bytes)
  if (text === undefined)
    return refuse(
      'This archive holds no KML file that can be read.',
      'Este archivo no contiene ningún KML que se pueda leer.',
    )
  if (!zipped && !/^\s*(?:\uFEFF)?\s*</.test(text.slice(0, 200))) return fromTable(text)
  const places = readKml(text)
  return places
    ? { ok: true, places }
    : refuse(
        'This is neither a table nor a KML file that can be read.',
        'Esto no es una tabla ni un KML que se pueda leer.',
      )
}
