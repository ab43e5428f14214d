import { isObject, type JsonObject } from '#lib/json.ts'
import { isAddress } from '#lib/net/cidr.ts'
import { plainAddress } from '#lib/text/plain-address.ts'
import type { NewEvent } from './event.ts'

/** How senders name the address that an event is about, ours first; others write it as `source: { ip }`. */
const ABOUT = ['ip', 'source_ip', 'src_ip', 'ip_address', 'source_address'] as const
/** How they name the one that was touched; others write it as `destination: { ip, port }`. */
const TOUCHED = ['dest_ip', 'dst_ip', 'destination_ip', 'target_ip', 'destination_address'] as const
const PORTS = ['dest_port', 'dst_port', 'destination_port', 'target_port', 'port'] as const
/** A host of ours by its name. */
const HOSTS = ['host', 'hostname', 'target_host', 'server_name'] as const
/** What one event tells of its targets at most. */
const MOST_TARGETS = 20

type Told = Pick<NewEvent, 'subject' | 'data'>

/** One way to write an address; almost all are IPv4, and written in it already. */
const plain = (text: string): string => (text.includes(':') ? (plainAddress(text) ?? text) : text)

const addressIn = (value: unknown): string | undefined =>
  typeof value === 'string' && isAddress(value) ? plain(value) : undefined

const firstAddress = (data: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const found = data[name] === undefined ? undefined : addressIn(data[name])
    if (found !== undefined) return found
  }
  return undefined
}

const nestedAddress = (value: unknown): string | undefined =>
  isObject(value) ? firstAddress(value, ['ip', 'address']) : undefined

/**
 * The address that an event is about, whoever sent it and whatever he calls it, in the one way to write it; its subject
 * where that is one. Undefined for what is about no single address.
 */
export const addressOf = ({ subject, data }: Told): string | undefined =>
  firstAddress(data, ABOUT) ?? nestedAddress(data.source) ?? addressIn(subject)

/** What an address touched: an address or a name, a port of it, or the service that a jail guards. */
export interface Target {
  readonly host: string | null
  readonly port: number | null
  readonly jail: string | null
}

const portOf = (value: unknown): number | null => {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}

const firstPort = (data: JsonObject): number | null => {
  for (const name of PORTS) {
    const port = portOf(data[name])
    if (port !== null) return port
  }
  return isObject(data.destination) ? portOf(data.destination.port) : null
}

const LONGEST_NAME = 253
const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME ? value : undefined

const hostOf = ({ data }: Told, about: string | undefined): string | null => {
  const address = firstAddress(data, TOUCHED) ?? nestedAddress(data.destination)
  if (address !== undefined) return address
  const name = HOSTS.map((one) => nameIn(data[one])).find((one) => one !== undefined && plain(one) !== about)
  return name === undefined ? null : plain(name)
}

/** `10.0.0.5:22` as a scan's samples have it, `[2001:db8::5]:22`, or an address alone. */
const sampleOf = (sample: unknown): Target | undefined => {
  if (typeof sample !== 'string') return undefined
  const [, host = sample, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(sample) ?? []
  const address = addressIn(sample) ?? addressIn(host)
  if (address === undefined) return undefined
  return { host: address, port: addressIn(sample) === undefined ? portOf(port) : null, jail: null }
}

const samplesOf = ({ evidence }: JsonObject): readonly Target[] =>
  isObject(evidence) && Array.isArray(evidence.samples)
    ? evidence.samples.slice(0, MOST_TARGETS).flatMap((one) => sampleOf(one) ?? [])
    : []

/** What the address of an event touched, as far as the event says. */
export const targetsOf = (event: Told, about = addressOf(event)): readonly Target[] => {
  const { data } = event
  const jail = nameIn(data.jail) ?? null
  const host = hostOf(event, about)
  const samples = samplesOf(data)
  if (samples.length > 0) return samples
  const port = firstPort(data)
  return host === null && port === null && jail === null ? [] : [{ host, port, jail }]
}
