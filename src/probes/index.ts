import type { ProbeType } from '#core/probe.ts'
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

export type ParsedTarget =
  | { readonly type: string; readonly options: Record<string, unknown> }
  | { readonly error: string }

const FORMS = 'HOST, icmp://HOST, tcp://HOST:PORT, http(s)://…, dns://NAME?type=A&resolver=IP or tls://HOST:PORT'

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
    return { error: `${text}: not a target; write ${FORMS}` }
  }
  for (const type of types) {
    const options = type.fromTarget?.(url)
    if (!options) continue
    if (zone === undefined) return { type: type.name, options }
    if ('host' in options) return { type: type.name, options: { ...options, host: `${options.host}%${zone}` } }
    if ('url' in options) return { type: type.name, options: { ...options, url: webAddressText({ url, zone }) } }
    return { error: `${text}: a ${type.name} monitor takes no interface behind its address; leave out %${zone}` }
  }
  const port = url.protocol === 'icmp:' && url.port !== '' ? `; for a port write tcp://${url.host}` : ''
  const shown = url.username || url.password ? `${url.protocol}//…` : text
  return { error: `${shown}: not a target; write ${FORMS}${port}` }
}
