import { createSecureContext } from 'node:tls'

/**
 * One context for all probes: reading the authorities anew for each connection would cost more than the handshake.
 * The groups are those that OpenSSL offers by itself, but for the hybrid post-quantum one: making a key of it for each
 * look costs a fifth of the whole, and what a browser reaches speaks one of the others too.
 */
export const secureContext = createSecureContext({ ecdhCurve: 'X25519:P-256:X448:P-384:P-521:ffdhe2048:ffdhe3072' })
