import { chooseAddress } from './address.ts'
import type { IcmpModule } from './module.ts'
import type { BlackboxProber } from './prober.ts'

const DURATION = ['probe_icmp_duration_seconds', 'Duration of the ICMP request by phase.'] as const

/** One echo request. */
export const probeIcmp: BlackboxProber<IcmpModule> = async (module, target, { tools, signal, timeoutMs }, recorder) => {
  for (const phase of ['resolve', 'setup', 'rtt']) recorder.set(...DURATION, 0, `{phase="${phase}"}`)
  const chosen = await chooseAddress(target, module, tools, signal, recorder)
  if (!chosen) return false
  recorder.set(...DURATION, chosen.seconds, '{phase="resolve"}')
  const started = performance.now()
  const reply = await tools.ping(
    {
      address: chosen.address,
      packets: 1,
      gapMs: 0,
      timeoutMs,
      ...(module.payloadBytes !== undefined && { size: module.payloadBytes }),
      ...(module.ttl !== undefined && { ttl: module.ttl }),
      ...(module.source !== undefined && { source: module.source }),
      whole: module.dontFragment,
      hops: true,
    },
    signal,
  )
  const rtt = reply.rtts[0] ?? Number.NaN
  if (Number.isNaN(rtt))
    return recorder.fail('No reply', { err: reply.ownFault?.cause ?? reply.icmpError?.code ?? 'timeout' })
  if (reply.hopLimit !== undefined)
    recorder.set('probe_icmp_reply_hop_limit', 'Hops that the reply had left, the TTL of IPv4.', reply.hopLimit)
  const setup = Math.max(0, performance.now() - started - rtt)
  recorder.set(...DURATION, setup / 1000, '{phase="setup"}')
  recorder.set(...DURATION, rtt / 1000, '{phase="rtt"}')
  return true
}
