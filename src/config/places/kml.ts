import type { NamedPlace } from '#core/map/place.ts'
import { isPlace } from '#core/map/place.ts'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities and numbers that every XML has; a file's own are left as they stand. */
const plainText = (xml: string): string => {
  const inner = xml.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, text: string) => text.replaceAll('&', '&amp;'))
  return inner
    .replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
    })
    .trim()
}

/** What stands between the first opening of an element and its end, within a stretch; undefined where it has none. */
const within = (text: string, tag: string): string | undefined => {
  const open = text.search(new RegExp(`<(?:\\w{1,20}:)?${tag}(?:\\s[^>]{0,60})?>`))
  if (open < 0) return undefined
  const begin = text.indexOf('>', open) + 1
  const end = text.slice(begin).search(new RegExp(`</(?:\\w{1,20}:)?${tag}\\s*>`))
  return end < 0 ? undefined : text.slice(begin, begin + end)
}

const MOST_PLACES = 100_000
const LONGEST_PLACE = 100_000

/**
 * Points with names of a KML file (OGC 12-007r2): each `Placemark` that has a `Point`. Read as text, from the front to the end
 * once: a document type, with which a small file could ask for a large one, is refused. Undefined for what is no KML.
 */
export const readKml = (text: string): readonly NamedPlace[] | undefined => {
  if (/<!DOCTYPE|<!ENTITY/i.test(text) || !/<(?:\w{1,20}:)?kml[\s>]/.test(text.slice(0, 5000))) return undefined
  const places: NamedPlace[] = []
  const parts = text.split(/<(?:\w{1,20}:)?Placemark[\s>]/)
  if (parts.length > MOST_PLACES) return undefined
  for (const part of parts.slice(1)) {
    const mark = part.slice(0, LONGEST_PLACE)
    const point = within(mark, 'Point')
    const [lon, lat] = (within(point ?? '', 'coordinates') ?? '').trim().split(',').map(Number)
    const name = plainText(within(mark, 'name') ?? '')
    if (name === '' || lat === undefined || lon === undefined) continue
    if (isPlace({ lat, lon })) places.push({ name: name.slice(0, 200), lat, lon })
  }
  return places
}
