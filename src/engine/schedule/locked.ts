import { defineProbe } from '#core/probe.ts'
import { Type } from '#lib/schema.ts'

/** Names what it is not looked at for. */
const options = Type.Object({ reason: Type.String() })

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
  describe: ({ reason }) => reason,
  run: async ({ reason }) => ({ ok: false, error: { code: 'key_missing', message: reason } }),
})
