import { AF_INET, AF_INET6 } from './native.ts'

/** `sockaddr_in` or `sockaddr_in6` (netinet/in.h) of an address of 4 or 16 bytes; port 0 stands for any. */
export const socketAddress = (bytes: Uint8Array, port = 0, scope = 0): Uint8Array => {
  const v4 = bytes.length === 4
  const address = new Uint8Array(v4 ? 16 : 28)
  const view = new DataView(address.buffer)
  view.setUint16(0, v4 ? AF_INET : AF_INET6, true)
  view.setUint16(2, port)
  address.set(bytes, v4 ? 4 : 8)
  if (!v4) view.setUint32(24, scope, true)
  return address
}
