import type { MakeGroup } from './case.ts'
import { dnsGroup } from './dns.ts'
import { httpGroup } from './http.ts'
import { icmpGroup } from './icmp.ts'
import { tcpGroup } from './tcp.ts'

/** The probers, each with all that is compared of it. */
export const GROUPS = {
  http: httpGroup,
  tcp: tcpGroup,
  dns: dnsGroup,
  icmp: icmpGroup,
} as const satisfies Readonly<Record<string, MakeGroup>>
