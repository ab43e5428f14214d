import type { Cause } from '#core/cause/cause.ts'
import { defineProbe } from '#core/probe.ts'
import { Type } from '#lib/schema.ts'

/** Why it is not looked at. */
const options = Type.Object({ reason: Type.Unsafe<Cause>({}) })

/**
 * Stands in the place of a monitor's type while its secrets cannot be opened: nothing is sent, and nothing is known. No
 * registry lists it, for nobody configures it.
 */
export const locked = defineProbe({
  name: 'locked',
  title: 'Locked',
  'x-es': { title: 'Cerrado' },
  defaultTimeoutMs: 1000,
  options,
  describe: ({ reason }) => reason.code,
  run: async ({ reason }) => ({ ok: false, error: { code: 'key_missing', cause: reason } }),
})
