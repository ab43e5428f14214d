import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { shortened } from '../text/lines.ts'

/** A monitor of Uptime Kuma, by the names of its columns; its backup has the same in camel case. */
export type KumaMonitor = Readonly<Record<string, unknown>>

type Looking = Pick<MonitorEntry, 'type' | 'options'>
/** How it looks; or why nothing here does the same. */
type Look = { readonly look: Looking; readonly notes?: readonly Cause[] } | { readonly left: Cause }

const text = (monitor: KumaMonitor, name: string): string | undefined => {
  const value = monitor[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
const number = (monitor: KumaMonitor, name: string): number | undefined => {
  const value = Number(monitor[name] ?? Number.NaN)
  return Number.isFinite(value) ? value : undefined
}
export const isOn = (value: unknown): boolean => value === 1 || value === true || value === '1' || value === 'true'

const jsonOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

const left = (setting: string): Cause => because('import_setting_left', { setting })

/** Accepted codes as a status here: `200-299` and single ones. */
const statusOf = (value: unknown) => {
  const codes = (Array.isArray(jsonOf(value)) ? (jsonOf(value) as unknown[]) : []).map(String)
  const known = codes.filter((code) => /^[1-5]\d\d(?:-[1-5]\d\d)?$/.test(code))
  if (known.length === 0 || (known.length === 1 && known[0] === '200-299')) return {}
  const status = known.map((code) => (code.includes('-') ? code : Number(code)))
  return { status: status.length === 1 ? status[0] : status }
}

/** A text that is looked for as it stands: one between slashes would be taken for an expression. */
const asItStands = (words: string): string =>
  /^\/.*\/[a-z]*$/s.test(words) ? `/${words.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}/` : words

const familyOf = (monitor: KumaMonitor) => {
  const family = text(monitor, 'ip_family')
  if (family === 'ipv4') return { family: '4' }
  return family === 'ipv6' ? { family: '6' } : {}
}

const urlOf = (monitor: KumaMonitor, notes: Cause[]): string | undefined => {
  const url = URL.parse(text(monitor, 'url') ?? '')
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const method = text(monitor, 'auth_method')
  const [user, password] = [text(monitor, 'basic_auth_user'), text(monitor, 'basic_auth_pass')]
  if (user !== undefined && (method === undefined || method === 'basic')) {
    url.username = encodeURIComponent(user)
    url.password = encodeURIComponent(password ?? '')
    return url.href
  }
  if (method !== undefined && method !== 'basic') notes.push(left(`authentication ${method}`))
  return text(monitor, 'url')
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'text/xml; charset=utf-8',
  form: 'application/x-www-form-urlencoded',
}

const headersOf = (monitor: KumaMonitor) => {
  const written = jsonOf(monitor.headers)
  const headers = isObject(written) ? Object.entries(written).map(([name, value]) => [name, String(value)]) : []
  const named = headers.some(([name]) => name!.toLowerCase() === 'content-type')
  const type = CONTENT_TYPES[text(monitor, 'http_body_encoding') ?? 'json']
  if (text(monitor, 'body') !== undefined && !named && type !== undefined) headers.push(['Content-Type', type])
  return headers.length > 0 ? { headers: Object.fromEntries(headers) as Record<string, string> } : {}
}

/** What a JSON query asks, where it is a plain path. */
const jsonQuery = (monitor: KumaMonitor, notes: Cause[]) => {
  const path = text(monitor, 'json_path') ?? '$'
  const expected = String(monitor.expected_value ?? '')
  const operator = text(monitor, 'json_path_operator') ?? '=='
  if (!/^[$\w.[\]'" -]+$/.test(path) || !['==', '<', '>', '<=', '>=', '!='].includes(operator)) {
    notes.push(left(`JSON query ${shortened(`${path} ${operator}`)}`))
    return {}
  }
  const at = path.startsWith('$') ? path : `$.${path}`
  if (operator !== '==') return { json: { [at]: `${operator} ${expected}` } }
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(expected)
  const value = isNumber ? Number(expected) : expected === 'true' ? true : expected === 'false' ? false : expected
  return { json: { [at]: value } }
}

const http = (monitor: KumaMonitor): Look => {
  const notes: Cause[] = []
  const url = urlOf(monitor, notes)
  if (url === undefined)
    return { left: because('import_value_unread', { field: 'url', text: shortened(String(monitor.url)) }) }
  const method = (text(monitor, 'method') ?? 'GET').toUpperCase()
  const body = text(monitor, 'body')
  const keyword = monitor.type === 'keyword' ? text(monitor, 'keyword') : undefined
  const redirects = number(monitor, 'maxredirects')
  if (isOn(monitor.expiry_notification)) notes.push(left('certificate expiry notification'))
  if (number(monitor, 'proxy_id')) notes.push(left('proxy'))
  return {
    notes,
    look: {
      type: 'http',
      options: {
        url,
        ...(method !== 'GET' && { method }),
        ...headersOf(monitor),
        ...(body !== undefined && { body }),
        ...statusOf(monitor.accepted_statuscodes_json),
        ...(keyword !== undefined && {
          [isOn(monitor.invert_keyword) ? 'not_contains' : 'contains']: asItStands(keyword),
        }),
        ...(monitor.type === 'json-query' && jsonQuery(monitor, notes)),
        ...(redirects !== undefined && redirects !== 10 && { redirects: Math.max(0, Math.min(20, redirects)) }),
        ...(isOn(monitor.ignore_tls) && { verify: false }),
        ...familyOf(monitor),
      },
    },
  }
}

const tcpAt = (host: string | undefined, port: number | undefined, was?: string): Look => {
  if (host === undefined || port === undefined || port < 1)
    return {
      left: because('import_value_unread', { field: 'hostname', text: shortened(`${host ?? ''}:${port ?? ''}`) }),
    }
  const notes = was === undefined ? [] : [because('import_setting_becomes', { setting: was, instead: 'tcp' })]
  return { notes, look: { type: 'tcp', options: { host, port } } }
}

const ping = (monitor: KumaMonitor): Look => {
  const host = text(monitor, 'hostname')
  if (host === undefined) return { left: because('import_value_unread', { field: 'hostname', text: '' }) }
  const [size, packets] = [number(monitor, 'packet_size'), number(monitor, 'ping_count')]
  return {
    look: {
      type: 'icmp',
      options: {
        host,
        packets: Math.max(1, Math.min(20, packets ?? 1)),
        ...(size !== undefined && size !== 56 && { size }),
        ...familyOf(monitor),
      },
    },
  }
}

const dns = (monitor: KumaMonitor): Look => {
  const name = text(monitor, 'hostname')
  if (name === undefined) return { left: because('import_value_unread', { field: 'hostname', text: '' }) }
  const [server] = (text(monitor, 'dns_resolve_server') ?? '').split(',').map((one) => one.trim())
  const port = number(monitor, 'port')
  const place =
    server?.includes(':') && port !== 53 && port
      ? `[${server}]:${port}`
      : port && port !== 53
        ? `${server}:${port}`
        : server
  const conditions = jsonOf(monitor.conditions)
  const notes = Array.isArray(conditions) && conditions.length > 0 ? [left('conditions')] : []
  const type = text(monitor, 'dns_resolve_type')
  return { notes, look: { type: 'dns', options: { name, ...(type && { type }), ...(place && { resolver: place }) } } }
}

const push = (monitor: KumaMonitor): Look => {
  const every = Math.max(1, number(monitor, 'interval') ?? 60)
  const notes = [because('import_setting_becomes', { setting: 'push URL', instead: 'vigia push-url NAME' })]
  return { notes, look: { type: 'push', options: { period: `${every}s` } } }
}

/** Ports of what is reached by a connection string that names none. */
const PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'mysql:': 3306,
  'mongodb:': 27_017,
  'redis:': 6379,
  'rediss:': 6379,
}

/** What is asked in a language that nothing here speaks is at least connected to. */
const connected = (monitor: KumaMonitor): Look => {
  const was = String(monitor.type)
  const written = text(monitor, 'database_connection_string') ?? ''
  const url = URL.parse(written)
  const server = /(?:server|data source)\s*=\s*(?:tcp:)?([^,;]+)(?:,(\d+))?/i.exec(written)
  if (server) return tcpAt(server[1]!.trim(), Number(server[2] ?? 1433), was)
  if (url?.hostname) return tcpAt(url.hostname, Number(url.port) || PORTS[url.protocol], was)
  return tcpAt(text(monitor, 'hostname'), number(monitor, 'port'), was)
}

const LOOKS: Readonly<Record<string, (monitor: KumaMonitor) => Look>> = {
  http,
  keyword: http,
  'json-query': http,
  port: (monitor) => tcpAt(text(monitor, 'hostname'), number(monitor, 'port')),
  ping,
  'tailscale-ping': ping,
  dns,
  push,
  smtp: connected,
  steam: (monitor) => ({ left: because('import_kind_unknown', { kind: String(monitor.type) }) }),
  mqtt: connected,
  sqlserver: connected,
  postgres: connected,
  mysql: connected,
  mongodb: connected,
  redis: connected,
}

export const kumaLook = (monitor: KumaMonitor): Look => {
  const kind = String(monitor.type)
  if (isOn(monitor.upside_down)) return { left: left('upside down') }
  return (
    (Object.hasOwn(LOOKS, kind) ? LOOKS[kind]!(monitor) : undefined) ?? {
      left: because('import_kind_unknown', { kind }),
    }
  )
}

/** How often it looks, and how often it may fail, as settings here. */
export const kumaTiming = (monitor: KumaMonitor) => {
  const every = Math.max(1, number(monitor, 'interval') ?? 60)
  const again = number(monitor, 'retry_interval') || every
  const retries = Math.max(0, Math.min(99, number(monitor, 'maxretries') ?? 0))
  const timeout = number(monitor, 'timeout')
  const packets = monitor.type === 'ping' ? Math.max(1, Math.min(20, number(monitor, 'ping_count') ?? 1)) : 1
  // Its time-out may be as long as the gap between two looks.
  const longest = every * 1000 - (packets - 1) * 200
  const timeoutMs = timeout ? Math.min(timeout * 1000, longest) : undefined
  const resend = number(monitor, 'resend_interval') ?? 0
  return {
    interval: `${every}s`,
    retry_interval: `${again}s`,
    recovery_interval: `${again}s`,
    failures: retries + 1,
    successes: 1,
    ...(timeoutMs && monitor.type !== 'push' && { timeout: `${Math.max(50, Math.round(timeoutMs))}ms` }),
    reminder: resend > 0 ? `${resend * every}s` : (0 as const),
  }
}
