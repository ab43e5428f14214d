import type { Socket } from 'node:net'

/**
 * True where a connection has met itself: the system chose the very port that it goes to, on this machine, where nobody
 * listens (RFC 9293, 3.5: both ends may open at once). Whoever connects is to take it for refused, and to end it by a reset:
 * while it stands, and for a minute after a goodbye, the service cannot listen there.
 */
export const meetsItself = ({ localPort, remotePort, localAddress, remoteAddress }: Socket): boolean =>
  localPort !== undefined && localPort === remotePort && localAddress === remoteAddress
