import { isIP } from 'node:net'

/** What a column of a list may hold. */
export type Meaning = 'address' | 'name' | 'description' | 'location' | 'port' | 'parent'
export const MEANINGS: readonly Meaning[] = ['address', 'name', 'description', 'location', 'port', 'parent']

/** How lists of devices and of customers call their columns, in English and in Spanish, and other tools theirs. */
const TITLES: Readonly<Record<Meaning, readonly string[]>> = {
  address: [
    'ip',
    'ip address',
    'ipaddress',
    'address',
    'management ip',
    'ip or dns',
    'addresses',
    'direccion ip',
    'direccion',
    'dirección',
    'dirección ip',
    'host',
    'hostname',
    'host name',
    'target',
    'url',
    'dns name',
    'url/ip',
    'dominio',
  ],
  name: [
    'name',
    'display name',
    'friendly name',
    'sysname',
    'device',
    'nombre',
    'equipo',
    'cliente',
    'customer',
    'description',
    'descripcion',
    'descripción',
    'hostname',
    'host',
  ],
  description: ['description', 'descripcion', 'descripción', 'notes', 'notas', 'comment', 'comentario', 'purpose'],
  location: ['location', 'place', 'ubicacion', 'ubicación', 'lugar', 'address line', 'domicilio'],
  port: ['port', 'puerto', 'tcp port'],
  parent: ['parent', 'parents', 'padre', 'depends on', 'depende de', 'uplink'],
}

const HOST_NAME =
  /^(?=.{1,253}$)(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}\.?$/u
const FILE_END = /\.(?:txt|csv|log|py|sh|md|pdf|png|jpe?g|conf|cfg|ya?ml|json|xml)$/i

/** What can be looked at: an address, with or without a port, a name with dots, or a URL. */
export const isTarget = (text: string): boolean => {
  const plain = text.trim()
  if (isIP(plain) || /^https?:\/\/[^\s/]+/.test(plain)) return true
  const host = /^\[([^\]]+)\]:\d{1,5}$/.exec(plain)?.[1] ?? plain.replace(/:\d{1,5}$/, '')
  return isIP(host) > 0 || (HOST_NAME.test(host) && !FILE_END.test(host))
}

const titleOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s]+/g, ' ')

const share = (cells: readonly string[], holds: (cell: string) => boolean): number => {
  const filled = cells.filter((cell) => cell !== '')
  return filled.length === 0 ? 0 : filled.filter(holds).length / filled.length
}

const ENOUGH = 0.6

/** Which column holds what, by its number. */
export type Columns = Readonly<Partial<Record<Meaning, number>>>

/** Guesses what columns hold: the address by what stands in them, the rest by their titles. */
export const guessColumns = (titles: readonly string[] | undefined, rows: readonly (readonly string[])[]): Columns => {
  const width = Math.max(0, ...rows.map((cells) => cells.length))
  const columns = Array.from({ length: width }, (_, index) => rows.map((cells) => cells[index] ?? ''))
  const named = (meaning: Meaning, index: number) => {
    const rank = TITLES[meaning].indexOf(titleOf(titles?.[index] ?? ''))
    return rank < 0 ? Number.POSITIVE_INFINITY : rank
  }
  const targets = columns.map((cells) => share(cells, isTarget))
  const addresses = columns.map((cells) => share(cells, (cell) => isIP(cell.trim()) > 0))
  const candidates = columns.map((_, index) => index).filter((index) => targets[index]! >= ENOUGH)
  // An IP address before a name, and of several the one that is called so.
  const [address] = candidates.toSorted(
    (a, b) =>
      named('address', a) - named('address', b) || addresses[b]! - addresses[a]! || targets[b]! - targets[a]! || a - b,
  )
  const taken = new Set(address === undefined ? [] : [address])
  const found: Partial<Record<Meaning, number>> = address === undefined ? {} : { address }
  for (const meaning of ['name', 'location', 'port', 'parent', 'description'] as const) {
    const [best] = columns
      .map((_, index) => index)
      .filter((index) => !taken.has(index) && named(meaning, index) < Number.POSITIVE_INFINITY)
      .toSorted((a, b) => named(meaning, a) - named(meaning, b))
    if (best === undefined) continue
    found[meaning] = best
    taken.add(best)
  }
  if (found.name === undefined) {
    const isWord = (cell: string) => /\p{L}/u.test(cell)
    const distinct = (index: number) => new Set(columns[index]).size
    const [best] = columns
      .map((_, index) => index)
      .filter((index) => !taken.has(index) && share(columns[index]!, isWord) >= ENOUGH)
      .toSorted((a, b) => distinct(b) - distinct(a) || a - b)
    if (best !== undefined) found.name = best
  }
  return found
}

/** Whether a first row names the columns: it holds no address where the others do. */
export const isTitles = (first: readonly string[], rest: readonly (readonly string[])[]): boolean => {
  if (first.some(isTarget)) return false
  if (rest.length === 0) return first.some((cell) => TITLES.address.includes(titleOf(cell)))
  return true
}
