import { loadKoffi } from './load-koffi.ts'

const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
/** `sun_path` of unix(7). */
const LONGEST_PATH = 108

/** The address of unix(7): a path, or after `@` a name that stands in no folder. */
const socketAddress = (name: string): Uint8Array | undefined => {
  const path = new TextEncoder().encode(name)
  if (path.length >= LONGEST_PATH || !/^[/@]./.test(name)) return undefined
  if (name.startsWith('@')) path[0] = 0
  const address = new Uint8Array(2 + path.length + (name.startsWith('@') ? 0 : 1))
  new Uint16Array(address.buffer, 0, 1)[0] = AF_UNIX
  address.set(path, 2)
  return address
}

/** Sends one message, at once; false when it could not go, as while nobody reads and the queue is full. */
export type NotifySocket = (message: string) => boolean

/** Sends datagrams to a Unix socket, which Node cannot. Undefined where `name` is no address, or this is no Linux. */
export const openNotifySocket = (name: string): NotifySocket | undefined => {
  const address = process.platform === 'linux' ? socketAddress(name) : undefined
  if (!address) return undefined
  const libc = loadKoffi().load(null as never)
  const open = libc.func('int socket(int, int, int)') as (domain: number, type: number, protocol: number) => number
  const sendto = libc.func('int64_t sendto(int, const uint8_t *, size_t, int, const uint8_t *, uint32_t)')
  const socket = open(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  if (socket < 0) return undefined
  return (message) => {
    const bytes = new TextEncoder().encode(message)
    const flags = MSG_DONTWAIT | MSG_NOSIGNAL
    return Number(sendto(socket, bytes, bytes.length, flags, address, address.length)) === bytes.length
  }
}
