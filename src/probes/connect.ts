import type { ProbeContext, Resolved } from '#core/probe.ts'
import type { ProbeError } from '#core/result/result.ts'
import type { JsonObject } from '#lib/json.ts'
import { done, failed, type Result } from '#lib/result.ts'
import { createDeadline } from '#lib/time/deadline.ts'
import type { Tracer } from './tracer.ts'

/** That the addresses of a look are older than they should be, since nobody gives newer ones; nothing where they are not. */
export const addressFacts = ({ lastKnownMs }: Pick<Resolved, 'lastKnownMs'>): JsonObject =>
  lastKnownMs === undefined ? {} : { addresses_from: 'last known', address_age_seconds: Math.round(lastKnownMs / 1000) }

/** A name's addresses, traced; or why there are none within the look's time. */
export const resolveHost = async (
  host: string,
  family: 0 | 4 | 6,
  { tools, signal, timeoutMs }: ProbeContext,
  tracer: Tracer,
): Promise<Result<Resolved, ProbeError>> => {
  const deadline = createDeadline(timeoutMs, signal)
  const started = performance.now()
  const found = await tools.resolve(host, family, deadline.signal)
  deadline.clear()
  if ('code' in found) {
    tracer.step('resolve', performance.now() - started, { error: found.cause })
    return failed(found)
  }
  tracer.step('resolve', found.ms, { addresses: found.addresses.join(' '), ...(addressFacts(found) as object) })
  return done(found)
}
