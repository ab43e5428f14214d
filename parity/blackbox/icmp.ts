import { everyPair, type MakeGroup } from './case.ts'

const icmp = (options: object = {}) => ({ prober: 'icmp', timeout: '400ms', icmp: options })

/** Every key, at this machine's own addresses and at names: needs the right to ping. */
export const icmpGroup: MakeGroup = async () => {
  const modules = {
    plain: icmp(),
    ip4: icmp({ preferred_ip_protocol: 'ip4' }),
    only4: icmp({ preferred_ip_protocol: 'ip4', ip_protocol_fallback: false }),
    only6: icmp({ preferred_ip_protocol: 'ip6', ip_protocol_fallback: false }),
    large: icmp({ payload_size: 1400 }),
    largest: icmp({ payload_size: 1472, dont_fragment: true }),
    small: icmp({ payload_size: 20 }),
    whole: icmp({ dont_fragment: true }),
    source: icmp({ source_ip_address: '127.0.0.9' }),
    foreign: icmp({ source_ip_address: '203.0.113.9' }),
    far: icmp({ ttl: 255 }),
    near: icmp({ ttl: 1 }),
    unset: icmp({ ttl: 0, payload_size: 0 }),
  }
  const targets = ['127.0.0.1', '::1', 'localhost', '127.0.0.7', 'no-such-name.invalid']
  return { modules, cases: everyPair(modules, targets) }
}
