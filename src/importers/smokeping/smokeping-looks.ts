import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'

/** Values of a target: its own, those that it inherits, and those of its probe. */
export type SmokeValues = ReadonlyMap<string, string>

type Look = { readonly look: Pick<MonitorEntry, 'type' | 'options'>; readonly notes?: readonly Cause[] } | undefined

const numberOf = (values: SmokeValues, name: string): number | undefined => {
  const value = Number(values.get(name))
  return Number.isFinite(value) && value > 0 ? value : undefined
}

/** A packet that passes every link. */
const MOST_BYTES = 1400

const ping = (host: string, values: SmokeValues): Look => {
  const [packets, size] = [numberOf(values, 'pings') ?? 20, numberOf(values, 'packetsize')]
  const gap = numberOf(values, 'mininterval')
  const notes =
    size !== undefined && size > MOST_BYTES
      ? [because('import_setting_becomes', { setting: `packetsize ${size}`, instead: `size: ${MOST_BYTES}` })]
      : []
  return {
    notes,
    look: {
      type: 'icmp',
      options: {
        host,
        packets: Math.min(100, Math.max(1, Math.round(packets))),
        ...(size !== undefined && size !== 56 && { size: Math.min(MOST_BYTES, Math.round(size)) }),
        ...(gap !== undefined && gap >= 0.2 && { gap: `${Math.round(gap * 1000)}ms` }),
      },
    },
  }
}

/** It resolves a name by the target, which is a server of names. */
const dns = (host: string, values: SmokeValues): Look => {
  const type = values.get('recordtype')
  const name = values.get('lookup') ?? host
  return {
    look: {
      type: 'dns',
      options: { name, ...(type && { type: type.toUpperCase() }), resolver: values.get('server') ?? host },
    },
  }
}

/** The address that its probes make of a pattern. */
const web =
  (scheme: string) =>
  (host: string, values: SmokeValues): Look => {
    const path = values.get('url') ?? '/'
    const port = values.get('port')
    const format =
      values.get('urlformat') ??
      (/^https?:/.test(path)
        ? path
        : `${scheme}://%host%${port ? `:${port}` : ''}${path.startsWith('/') ? '' : '/'}${path}`)
    return { look: { type: 'http', options: { url: format.replaceAll('%host%', host) } } }
  }

const tcp =
  (port: number | undefined, was?: string) =>
  (host: string, values: SmokeValues): Look => {
    const at = numberOf(values, 'port') ?? port
    if (at === undefined || at > 65_535) return undefined
    const notes = was === undefined ? [] : [because('import_setting_becomes', { setting: was, instead: 'tcp' })]
    return { notes, look: { type: 'tcp', options: { host, port: at } } }
  }

const LOOKS: Readonly<Record<string, (host: string, values: SmokeValues) => Look>> = {
  FPing: ping,
  FPing6: ping,
  FPingContinuous: ping,
  RemoteFPing: ping,
  DNS: dns,
  AnotherDNS: dns,
  CiscoRTTMonDNS: dns,
  Curl: web('http'),
  EchoPingHttp: web('http'),
  EchoPingHttps: web('https'),
  TCPPing: tcp(80),
  EchoPing: tcp(7),
  EchoPingSmtp: tcp(25, 'EchoPingSmtp'),
  EchoPingLDAP: tcp(389, 'EchoPingLDAP'),
  EchoPingWhois: tcp(43, 'EchoPingWhois'),
  SSH: tcp(22, 'SSH'),
  AnotherSSH: tcp(22, 'AnotherSSH'),
  LDAP: tcp(389, 'LDAP'),
}

/** How a probe of SmokePing looks, by its module. */
export const smokeLook = (module: string, host: string, values: SmokeValues): Look =>
  Object.hasOwn(LOOKS, module) ? LOOKS[module]!(host, values) : undefined

/** What an alert's pattern says of quality. */
export interface SmokeAlert {
  readonly name: string
  readonly type: string
  readonly pattern: string
}

const comparisons = (pattern: string): readonly string[] =>
  pattern
    .split(',')
    .map((one) => one.trim())
    .filter((one) => !/^\*\d+\*$|^==?S$|^==U$/.test(one))

/** A pattern as bounds of quality over a window: its last bound, for as many rounds as it asks for. */
export const smokeDegraded = ({ type, pattern }: SmokeAlert, stepSeconds: number) => {
  const above = comparisons(pattern).flatMap((one) => /^>=?(\d+(?:\.\d+)?)%?$/.exec(one)?.[1] ?? [])
  const bound = Number(above.at(-1) ?? Number.NaN)
  if (!Number.isFinite(bound)) return undefined
  const over = `${Math.min(86_400, Math.max(60, above.length * stepSeconds))}s`
  // "More than nothing" is a packet of a round.
  if (type === 'loss') return { over, loss: `>= ${Math.min(100, Math.max(1, bound))}%` }
  return type === 'rtt' && bound > 0 ? { over, rtt_p95: `>= ${bound}ms` } : undefined
}
