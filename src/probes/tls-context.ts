import { createSecureContext } from 'node:tls'

/** One context for all probes: reading the authorities anew for each connection would cost more than the handshake. */
export const secureContext = createSecureContext()
