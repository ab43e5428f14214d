import { createSecureContext } from 'node:tls'
import { lazily } from '#lib/run/lazily.ts'

/** One context for all probes: reading the authorities anew for each connection would cost more than the handshake. */
export const secureContext = lazily(() => createSecureContext())
