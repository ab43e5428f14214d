import { isObject, type Json, type JsonObject } from '#lib/json.ts'
import { own } from '#lib/own.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { because, type Cause } from '../cause/cause.ts'
import { eventKind } from './event.ts'

const isNumber = (value: Json | undefined): value is number => typeof value === 'number' && Number.isFinite(value)
const isText = (value: Json | undefined): value is string => typeof value === 'string' && value.trim() !== ''

const counted = (count: number, one: 'one_port' | 'one_host', several: 'ports' | 'hosts'): Cause =>
  count === 1 ? because(one) : because(several, { count })

/** A server's name, or its address. */
const serverOf = ({ server_name, domain, dest_ip }: JsonObject): string | undefined =>
  [server_name, domain, dest_ip].find(isText)

const evidenceOf = ({ evidence }: JsonObject): JsonObject => (isObject(evidence) ? (evidence as JsonObject) : {})

const scan = ({ ports_count: ports, hosts_count: count }: JsonObject): Cause | undefined => {
  if (!isNumber(ports) || !isNumber(count)) return undefined
  const hosts = counted(count, 'one_host', 'hosts')
  return ports === 0
    ? because('pinged', { hosts })
    : because('scanned', { ports: counted(ports, 'one_port', 'ports'), hosts })
}

const tunnel = (fields: JsonObject): Cause | undefined => {
  const { domain, queries } = fields
  const { unique_names: names } = evidenceOf(fields)
  if (!isNumber(names) || !isNumber(queries)) return undefined
  return isText(domain)
    ? because('asked_names', { names, domain, queries })
    : because('asked_names_of_no_domain', { names, queries })
}

const beacon = (fields: JsonObject): Cause | undefined => {
  const { connections, mean_interval } = fields
  const seconds = evidenceOf(fields).median_interval_s ?? mean_interval
  const server = serverOf(fields)
  return server !== undefined && isNumber(seconds) && isNumber(connections)
    ? because('connected_regularly', { server, seconds: Math.round(seconds * 10) / 10, times: connections })
    : undefined
}

const longConnection = (fields: JsonObject): Cause | undefined => {
  const { total_s: total } = evidenceOf(fields)
  const server = serverOf(fields)
  return server !== undefined && isNumber(total)
    ? because('connected_for', { server, hours: Math.round(total / 360) / 10 })
    : undefined
}

const strobe = (fields: JsonObject): Cause | undefined => {
  const { connection_count: times } = fields
  const server = serverOf(fields)
  return server !== undefined && isNumber(times) ? because('connected_often', { server, times }) : undefined
}

const certificate =
  (code: 'certificate_self_signed' | 'certificate_expired' | 'certificate_not_yet_valid') =>
  (fields: JsonObject): Cause | undefined => {
    const name = serverOf(fields)
    return name === undefined ? undefined : because(code, { name })
  }

const ban = ({ jail, failures, bantime, manual, by, comment }: JsonObject): Cause | undefined => {
  if (!isText(jail)) return undefined
  if (manual === true && isText(by))
    return isText(comment)
      ? because('banned_by_hand_saying', { jail, by, words: comment })
      : because('banned_by_hand', { jail, by })
  if (!isNumber(failures) || !isNumber(bantime)) return undefined
  return bantime < 0
    ? because('banned_for_good', { jail, failures })
    : because('banned_by_jail', { jail, failures, duration: peopleDuration(bantime * 1000) })
}

/** Reasons as our own classifier writes them: codes with numbers; anything else that calls itself so is none. */
const reasonsIn = (reasons: Json | undefined): readonly Cause[] =>
  (Array.isArray(reasons) ? reasons : []).flatMap((one) =>
    isObject(one) &&
    typeof one.code === 'string' &&
    one.code.startsWith('flow_') &&
    isObject(one.facts) &&
    Object.values(one.facts).every((fact) => typeof fact === 'number')
      ? [{ code: one.code, facts: one.facts } as unknown as Cause]
      : [],
  )

const FLOW_KINDS: Readonly<Record<string, Cause>> = {
  scan: because('flow_kind_scan'),
  flood: because('flow_kind_flood'),
  guessing: because('flow_kind_guessing'),
  control: because('flow_kind_control'),
}

const prediction = ({ attack_type: attack, confidence: percent, reasons }: JsonObject): Cause | undefined => {
  if (!isText(attack) || !isNumber(percent)) return undefined
  const found = reasonsIn(reasons)
  return found.length === 0
    ? because('predicted', { attack, percent })
    : because('predicted_because', { attack: own(FLOW_KINDS, attack) ?? attack, percent, reasons: found })
}

const words = (...texts: readonly (Json | undefined)[]): Cause | undefined => {
  const said = texts.filter(isText)
  return said.length === 0 ? undefined : because('as_said', { words: said.join(': ') })
}

const figures =
  (code: 'half_open_connections' | 'connections_not_closed' | 'local_ports_waiting' | 'connections_wait') =>
  ({ value, limit }: JsonObject): Cause | undefined =>
    isNumber(value) && isNumber(limit) ? because(code, { value, limit }) : undefined

/** By the kind of an event, what its own fields come to in a sentence. */
const BY_KIND: Readonly<Record<string, (fields: JsonObject) => Cause | undefined>> = {
  port_scan: scan,
  dns_tunneling: tunnel,
  dga: ({ domain }) => (isText(domain) ? because('generated_names', { domain }) : undefined),
  beaconing: beacon,
  long_connection: longConnection,
  strobe,
  ssl_self_signed: certificate('certificate_self_signed'),
  ssl_expired: certificate('certificate_expired'),
  ssl_not_yet_valid: certificate('certificate_not_yet_valid'),
  zeek_notice: ({ note, reason }) => words(note, reason === note ? undefined : reason),
  correlation: ({ kinds }) => (Array.isArray(kinds) ? because('several_kinds', { count: kinds.length }) : undefined),
  ids: ({ signature, category, message }) => words(signature ?? message, category),
  ml_prediction: prediction,
  crowdsec_decision: ({ scenario }) => words(scenario),
  fail2ban_ban: ban,
  syn_flood: figures('half_open_connections'),
  close_wait_leak: figures('connections_not_closed'),
  time_wait_exhaustion: figures('local_ports_waiting'),
  listener_gone: () => because('listener_is_gone'),
  accept_queue_overflow: figures('connections_wait'),
}

const SCAN = ['ports_count', 'hosts_count', 'scan']
const SERVER = ['domain', 'server_name']
const FIGURES = ['port', 'value', 'limit']

/** By the kind of an event, which of its fields the sentence says, or would say. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  port_scan: SCAN,
  dns_tunneling: ['domain', 'domains_count', 'queries', 'query_type'],
  dga: ['domain', 'domains_count', 'queries', 'entropy', 'score'],
  beaconing: [...SERVER, 'connection_count', 'connections', 'regularity', 'mean_interval', 'direction'],
  long_connection: SERVER,
  strobe: ['connection_count'],
  ssl_self_signed: SERVER,
  ssl_expired: SERVER,
  ssl_not_yet_valid: SERVER,
  zeek_notice: ['note', 'sub'],
  ids: ['signature', 'category', 'message'],
  ml_prediction: ['attack_type', 'confidence', 'ml_confidence', 'reasons'],
  crowdsec_decision: ['scenario'],
  fail2ban_ban: ['jail', 'failures', 'bantime', 'timestamp', 'manual', 'by', 'comment'],
  syn_flood: FIGURES,
  close_wait_leak: FIGURES,
  time_wait_exhaustion: FIGURES,
  listener_gone: FIGURES,
  accept_queue_overflow: FIGURES,
}

/** Fields of an event that its sentence says: nothing needs to tell them again. */
export const fieldsSaid = (fields: JsonObject): ReadonlySet<string> =>
  new Set(['reason', ...(own(SAID, eventKind(fields)) ?? [])])

/**
 * Why an event matters, by its own fields: what people read behind its kind and its subject. What has no sentence of ours
 * is said as its sender put it; undefined where that is nothing. A port's problem that is over has none.
 */
export const eventCause = (fields: JsonObject): Cause | undefined => {
  if (fields.problem !== undefined && fields.state === 'resolved') return undefined
  const { reason, message, summary, description } = fields
  return own(BY_KIND, eventKind(fields))?.(fields) ?? words([reason, message, summary, description].find(isText))
}
