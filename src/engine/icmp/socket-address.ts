import { AF_INET, AF_INET6 } from '../native.ts'

/**
 * `sockaddr_in` or `sockaddr_in6` (netinet/in.h) of an address of 4 or 16 bytes; port 0 stands for any. Written byte by
 * byte, little-endian as the supported machines are: a view of it would take each of thousands off the heap.
 */
export const socketAddress = (bytes: Uint8Array, port = 0, scope = 0): Uint8Array => {
  const v4 = bytes.length === 4
  const address = new Uint8Array(v4 ? 16 : 28)
  address[0] = v4 ? AF_INET : AF_INET6
  address[2] = port >> 8
  address[3] = port
  address.set(bytes, v4 ? 4 : 8)
  if (!v4) for (let byte = 0; byte < 4; byte++) address[24 + byte] = scope >> (8 * byte)
  return address
}
