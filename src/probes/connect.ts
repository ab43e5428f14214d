import type { ProbeContext } from '#core/probe.ts'
import type { ProbeError } from '#core/result.ts'
import type { Tracer } from './tracer.ts'

/** A name's addresses, traced; or why there are none. */
export const resolveHost = async (
  host: string,
  family: 0 | 4 | 6,
  { tools, signal }: ProbeContext,
  tracer: Tracer,
): Promise<{ readonly addresses: readonly string[]; readonly ms: number } | { readonly error: ProbeError }> => {
  const found = await tools.resolve(host, family, signal)
  if ('code' in found) {
    tracer.step('resolve', 0, { error: found.message })
    return { error: found }
  }
  tracer.step('resolve', found.ms, { addresses: found.addresses.join(' ') })
  return found
}
