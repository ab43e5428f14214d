import { isIPv6 } from 'node:net'
import type { ProbeTools } from '#core/probe.ts'
import type { Recorder } from './recorder.ts'

/** FNV-1a with 32 bits over the address in network order; blackbox_exporter tells changes of address by it. */
const addressHash = (bytes: Iterable<number>): number => {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

/** The bytes of an address in network order; an IPv4 address in IPv6 is the IPv4 address. */
const addressBytes = (address: string): number[] => {
  if (!isIPv6(address.split('%')[0]!)) return address.split('.').map(Number)
  // The URL parser writes an address in its shortest form of hex words only.
  const text = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  const [before, after] = [words(head), words(tail ?? '')]
  const middle = tail === undefined ? [] : new Array<number>(8 - before.length - after.length).fill(0)
  const bytes = [...before, ...middle, ...after].flatMap((word) => [word >> 8, word & 255])
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return mapped ? bytes.slice(12) : bytes
}

/**
 * Chooses the address of a name by the preferred IP version and notes it as blackbox_exporter does. Undefined where
 * there is none, which is logged.
 */
export const chooseAddress = async (
  host: string,
  { preferred, fallback }: { readonly preferred: 4 | 6; readonly fallback: boolean },
  tools: ProbeTools,
  signal: AbortSignal,
  recorder: Recorder,
): Promise<{ readonly address: string; readonly seconds: number } | undefined> => {
  const started = performance.now()
  const noteHash = (hash: number) =>
    recorder.set('probe_ip_addr_hash', 'Hash of the address, to tell when it changes.', hash)
  noteHash(0)
  recorder.info('Resolving target address', { target: host, ip_protocol: `ip${preferred}` })
  const found = await tools.resolve(host, 0, signal)
  const seconds = (performance.now() - started) / 1000
  recorder.set('probe_dns_lookup_time_seconds', 'Time that the lookup of the target took.', seconds)
  recorder.set('probe_ip_protocol', 'IP version of the probe, 4 or 6.', 0)
  if ('code' in found) {
    recorder.fail('Resolution with IP protocol failed', { target: host, err: found.cause })
    return undefined
  }
  const versionOf = (address: string): 4 | 6 => (isIPv6(address.split('%')[0]!) ? 6 : 4)
  const fits = found.addresses.find((one) => versionOf(one) === preferred)
  const address = fits ?? (fallback ? found.addresses[0] : undefined)
  if (address === undefined) {
    recorder.fail('Resolution with IP protocol failed', { target: host, err: `no address of IPv${preferred}` })
    return undefined
  }
  recorder.info('Resolved target address', { target: host, ip: address })
  recorder.set('probe_ip_protocol', 'IP version of the probe, 4 or 6.', versionOf(address))
  noteHash(addressHash(addressBytes(address)))
  return { address, seconds }
}

export const LAST_PORT = 65_535

/** Host and port of a target; the host without the brackets of IPv6. A port may be larger than any is: nobody can be reached there. */
export const splitTarget = (target: string): { readonly host: string; readonly port: number | undefined } => {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(target)
  if (!match) return { host: target, port: undefined }
  return { host: match[1] ?? match[2] ?? '', port: match[3] === undefined ? undefined : Number(match[3]) }
}
