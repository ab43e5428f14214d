import { because, type Cause } from '#core/cause/cause.ts'
import type { ProbeType } from '#core/probe.ts'
import { done, failed, type Result } from '#lib/result.ts'
import { dns } from './dns.ts'
import { http } from './http.ts'
import { icmp } from './icmp.ts'
import { push } from './push.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { apartFromZone, webAddressText } from './web-address.ts'

/** Every probe type. The only list. */
const types = [icmp, tcp, http, dns, tls, push] as unknown as readonly ProbeType[]

export const probeTypes: ReadonlyMap<string, ProbeType> = new Map(types.map((type) => [type.name, type]))

/** A type and its options, or why a text is no target. */
export type ParsedTarget = Result<{ readonly type: string; readonly options: Record<string, unknown> }, Cause>

const forms = because('target_forms')

const withScheme = (text: string): string => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text
  // A bare IPv6 address has colons of its own.
  return /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*(%[\w.-]+)?$/i.test(text) ? `icmp://[${text}]` : `icmp://${text}`
}

/** Type and options of a short target. A bare host is pinged. */
export const parseTarget = (text: string): ParsedTarget => {
  const { plain, zone } = apartFromZone(withScheme(text.trim()))
  let url: URL
  try {
    url = new URL(plain)
  } catch {
    return failed(because('target_malformed', { text, forms }))
  }
  for (const type of types) {
    const options = type.fromTarget?.(url)
    if (!options) continue
    if (zone === undefined) return done({ type: type.name, options })
    if ('host' in options) return done({ type: type.name, options: { ...options, host: `${options.host}%${zone}` } })
    if ('url' in options) return done({ type: type.name, options: { ...options, url: webAddressText({ url, zone }) } })
    return failed(because('target_interface', { text, type: type.name, zone }))
  }
  const shown = url.username || url.password ? `${url.protocol}//…` : text
  return failed(
    url.protocol === 'icmp:' && url.port !== ''
      ? because('target_port_of_ping', { text: shown, forms, host: url.host })
      : because('target_malformed', { text: shown, forms }),
  )
}
