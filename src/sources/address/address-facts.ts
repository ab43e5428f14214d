import { readFileSync, statSync } from 'node:fs'
import type { AddressFacts } from '#core/event/address-facts.ts'
import { isObject, type Json } from '#lib/json.ts'
import { networkSet, parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { type MaxmindDatabase, MaxmindError, readMaxmind } from '#lib/net/maxmind.ts'
import { nonEmpty } from '#lib/text/non-empty.ts'

export interface AddressFactsOptions {
  /** Path of a database of countries (`.mmdb`). */
  readonly countryFile?: string | undefined
  /** Path of a database of autonomous systems (`.mmdb`). */
  readonly ownerFile?: string | undefined
  readonly onTrouble?: ((message: string) => void) | undefined
  /** Ms that never step. */
  readonly monotonic?: () => number
}

/** How often a file is looked at for a newer one in its place. */
const LOOK_EVERY_MS = 10_000
/** The largest that exist have some hundred megabytes. */
const LARGEST_FILE = 1 << 30
const REMEMBERED = 10_000

/** Addresses that stand for another machine at each site: some free databases give them to a country all the same. */
const NOWHERE = networkSet(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::/127 fc00::/7 fe80::/10'
    .split(' ')
    .map((text) => parseNetwork(text)!),
)

const isNowhere = (ip: string): boolean => {
  const address = parseAddress(ip)
  return address !== undefined && NOWHERE.has(address)
}

/** The shapes in use: MaxMind's and DB-IP's `country.iso_code`, others' `country_code` or `country`. */
const countryOf = (record: Json | undefined): AddressFacts => {
  if (!isObject(record)) return {}
  const { country, registered_country: registered, country_code: code } = record
  const found =
    (isObject(country) ? nonEmpty(country.iso_code) : undefined) ??
    (isObject(registered) ? nonEmpty(registered.iso_code) : undefined) ??
    nonEmpty(code) ??
    nonEmpty(country)
  return found !== undefined && /^[a-z]{2}$/i.test(found) ? { country: found.toUpperCase() } : {}
}

/** MaxMind's and DB-IP's `autonomous_system_…`, others' `asn` (`AS64500` or a number) and `as_name` or `name`; GeoIP2-ISP may have `isp` alone. */
const ownerOf = (record: Json | undefined): AddressFacts => {
  if (!isObject(record)) return {}
  const { autonomous_system_organization: organization, as_name: title, name, isp } = record
  const owner = [organization, title, name, isp].map(nonEmpty).find((one) => one !== undefined)
  const number = record.autonomous_system_number ?? record.asn
  const asn = typeof number === 'string' ? Number(/^(?:AS)?(\d{1,10})$/i.exec(number)?.[1]) : number
  return { ...(owner !== undefined && { owner }), ...(Number.isInteger(asn) && { asn: asn as number }) }
}

/** One file, read anew when another stands in its place; the old one is kept while the new one cannot be read. */
const createFile = (path: string, tell: (message: string) => void) => {
  let database: MaxmindDatabase | undefined
  let mark = ''
  const load = (): boolean => {
    try {
      const { ino, size, mtimeMs } = statSync(path)
      const seen = `${ino}:${size}:${mtimeMs}`
      if (seen === mark) return false
      mark = seen
      if (size > LARGEST_FILE) throw new MaxmindError('it is larger than 1 GB')
      database = readMaxmind(readFileSync(path))
      return true
    } catch (error) {
      const why = error instanceof MaxmindError ? error.message : (error as NodeJS.ErrnoException).code
      const what = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : why
      tell(`${path} is not used: ${what}.${database ? ' What was read before stays in use.' : ''}`)
      return false
    }
  }
  const lookup = (ip: string): Json | undefined => {
    try {
      return database?.lookup(ip)
    } catch (error) {
      if (!(error instanceof MaxmindError)) throw error
      tell(`${path} is damaged: ${error.message}.`)
      return undefined
    }
  }
  return { load, lookup, known: () => database !== undefined }
}

/**
 * Country and owner of addresses, from files in MaxMind's format that the operator has; none comes with the program. What
 * no file tells is absent. A file may be replaced while the server runs.
 */
export const createAddressFacts = (options: AddressFactsOptions) => {
  const { countryFile, ownerFile, onTrouble, monotonic = () => performance.now() } = options
  const remembered = new Map<string, AddressFacts>()
  let said = ''
  const tell = (message: string) => {
    if (message !== said) onTrouble?.(message)
    said = message
  }
  const country = countryFile === undefined ? undefined : createFile(countryFile, tell)
  const owner = ownerFile === undefined ? undefined : createFile(ownerFile, tell)
  let looked = Number.NEGATIVE_INFINITY

  const refresh = () => {
    if (monotonic() - looked < LOOK_EVERY_MS) return
    looked = monotonic()
    const changed = [country?.load(), owner?.load()]
    if (changed.includes(true)) remembered.clear()
  }

  const factsOf = (ip: string): AddressFacts => {
    refresh()
    const known = remembered.get(ip)
    if (known) return known
    // Of a network, what its first address is.
    const [address = ip] = ip.split('/', 1)
    const facts = {
      ...(isNowhere(address) ? {} : countryOf(country?.lookup(address))),
      // Who runs a network may have a database of its own of whose each is.
      ...ownerOf(owner?.lookup(address)),
    }
    if (remembered.size >= REMEMBERED) remembered.clear()
    remembered.set(ip, facts)
    return facts
  }

  return {
    of: factsOf,
    /** What can be asked for: where no file tells countries, conditions on them never hold. */
    available: (): { readonly country: boolean; readonly owner: boolean } => {
      refresh()
      return { country: country?.known() ?? false, owner: owner?.known() ?? false }
    },
  }
}
