import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'

type Values = Readonly<Record<string, unknown>>
type Look = { readonly look: Pick<MonitorEntry, 'type' | 'options'>; readonly notes: readonly Cause[] } | undefined

/** What blackbox_exporter's example calls its modules, for who has no file of them. */
export const USUAL_MODULES: Readonly<Record<string, Values>> = {
  http_2xx: { prober: 'http' },
  http_post_2xx: { prober: 'http', http: { method: 'POST' } },
  tcp_connect: { prober: 'tcp' },
  ssh_banner: { prober: 'tcp' },
  icmp: { prober: 'icmp' },
  icmp_ttl5: { prober: 'icmp' },
  ping: { prober: 'icmp' },
}

const partOf = (module: Values, name: string): Values => (isObject(module[name]) ? (module[name] as Values) : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const familyOf = (part: Values) => {
  if (part.ip_protocol_fallback !== false) return {}
  return { family: part.preferred_ip_protocol === 'ip4' ? '4' : '6' }
}

const LEFT = {
  http: [
    'fail_if_header_matches',
    'fail_if_header_not_matches',
    'fail_if_ssl',
    'fail_if_not_ssl',
    'proxy_url',
    'oauth2',
    'authorization',
    'bearer_token',
  ],
  tcp: ['query_response', 'starttls'],
  dns: ['validate_answer_rrs', 'validate_authority_rrs', 'validate_additional_rrs', 'transport_protocol'],
} as const

const leftOf = (kind: keyof typeof LEFT, part: Values): Cause[] =>
  LEFT[kind].filter((name) => part[name] !== undefined).map((setting) => because('import_setting_left', { setting }))

const http = (target: string, module: Values): Look => {
  const part = partOf(module, 'http')
  const url = /^https?:\/\//.test(target) ? target : `http://${target}`
  const login = part.basic_auth
  const parsed = URL.parse(url)
  if (!parsed) return undefined
  if (isObject(login) && typeof login.username === 'string') {
    parsed.username = encodeURIComponent(login.username)
    parsed.password = encodeURIComponent(String(login.password ?? ''))
  }
  const method = typeof part.method === 'string' ? part.method.toUpperCase() : 'GET'
  const codes = listOf(part.valid_status_codes)
  const [has] = listOf(part.fail_if_body_not_matches_regexp)
  const [hasNot] = listOf(part.fail_if_body_matches_regexp)
  const tls = partOf(part, 'tls_config')
  const stays = part.follow_redirects === false || part.no_follow_redirects === true
  return {
    notes: leftOf('http', part),
    look: {
      type: 'http',
      options: {
        url: isObject(login) ? parsed.href : url,
        ...(method !== 'GET' && { method }),
        ...(codes.length > 0 && { status: codes.length === 1 ? codes[0] : [...codes] }),
        ...(typeof has === 'string' && { contains: `/${has.replaceAll(/(?<!\\)\//g, '\\/')}/` }),
        ...(typeof hasNot === 'string' && { not_contains: `/${hasNot.replaceAll(/(?<!\\)\//g, '\\/')}/` }),
        ...(isObject(part.headers) && {
          headers: Object.fromEntries(Object.entries(part.headers).map(([key, value]) => [key, String(value)])),
        }),
        ...(typeof part.body === 'string' && part.body !== '' && { body: part.body }),
        ...(tls.insecure_skip_verify === true && { verify: false }),
        ...(stays && { redirects: 0 }),
        ...familyOf(part),
      },
    },
  }
}

const placeOf = (target: string): { host: string; port: number } | undefined => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})$/.exec(target.replace(/^tcp:\/\//, '')) ?? []
  return port === undefined ? undefined : { host: (bracketed ?? plain)!, port: Number(port) }
}

const tcp = (target: string, module: Values): Look => {
  const part = partOf(module, 'tcp')
  const place = placeOf(target)
  if (!place) return undefined
  return {
    notes: leftOf('tcp', part),
    look: { type: part.tls === true ? 'tls' : 'tcp', options: { ...place, ...familyOf(part) } },
  }
}

const icmp = (target: string, module: Values): Look => {
  const size = Number(partOf(module, 'icmp').payload_size ?? 0)
  const host = target.replace(/^\[(.*)\]$/, '$1')
  if (/[\s/]/.test(host)) return undefined
  return {
    notes: [],
    look: {
      type: 'icmp',
      options: {
        host,
        packets: 1,
        ...(size > 0 && { size: Math.min(1400, size) }),
        ...familyOf(partOf(module, 'icmp')),
      },
    },
  }
}

const dns = (target: string, module: Values): Look => {
  const part = partOf(module, 'dns')
  if (typeof part.query_name !== 'string') return undefined
  const type = typeof part.query_type === 'string' ? part.query_type.toUpperCase() : undefined
  return {
    notes: leftOf('dns', part),
    look: {
      type: 'dns',
      options: { name: part.query_name, ...(type && type !== 'ANY' && { type }), resolver: target },
    },
  }
}

const PROBERS: Readonly<Record<string, (target: string, module: Values) => Look>> = { http, tcp, icmp, dns }

/** What a module of blackbox_exporter looks at; undefined where nothing here does. */
export const blackboxLook = (target: string, module: Values): Look => {
  const prober = String(module.prober)
  return Object.hasOwn(PROBERS, prober) ? PROBERS[prober]!(target, module) : undefined
}
