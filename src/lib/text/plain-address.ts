import { isIP } from 'node:net'
import { canonicalNetwork } from '../net/canonical-network.ts'

/** An address in the one way that routers' are written too, without its zone; undefined for a name. */
export const plainAddress = (host: string): string | undefined => {
  const literal = host.split('%')[0]!
  const family = isIP(literal)
  return family === 6 ? canonicalNetwork(literal) : family === 4 ? literal : undefined
}
