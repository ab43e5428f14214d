import { loadKoffi } from '#lib/run/load-koffi.ts'

/** A netlink socket to the kernel's socket tables. */
export interface DiagSocket {
  /** Sends a request; an errno name when it was refused. */
  send(request: Uint8Array): string | undefined
  /** Waits for the next part of the answer and puts it in the buffer; its length, or an errno name. */
  receive(): number | string
  readonly buffer: Uint8Array
  close(): void
}

const AF_NETLINK = 16
const SOCK_RAW = 3
const SOCK_CLOEXEC = 0o2000000
const NETLINK_SOCK_DIAG = 4
const SOL_SOCKET = 1
const SO_RCVTIMEO = 20
/** The kernel answers while it is asked; it never takes this long. */
const PATIENCE_S = 2n
/** The kernel fills at most 32 KB of one answer. */
const BUFFER_BYTES = 65_536

/** Opens the socket; an errno name where the system refuses, `ENOSYS` where there is no such system. */
export const openDiagSocket = (): DiagSocket | string => {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return 'ENOSYS'
  try {
    return open()
  } catch {
    return 'ENOSYS'
  }
}

const errnoName = (): string => {
  const koffi = loadKoffi()
  const code = koffi.errno()
  return Object.entries(koffi.os.errno).find(([, value]) => value === code)?.[0] ?? String(code)
}

const open = (): DiagSocket | string => {
  const koffi = loadKoffi()
  const libc = koffi.load(null as never)
  const socket = libc.func('int socket(int, int, int)')
  const setsockopt = libc.func('int setsockopt(int, int, int, const uint8_t *, uint32_t)')
  const send = libc.func('int64_t send(int, const uint8_t *, size_t, int)')
  const receive = libc.func('int64_t recv(int, uintptr_t, size_t, int)')
  const close = libc.func('int close(int)')
  const fd: number = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)
  if (fd < 0) return errnoName()
  const timeout = new Uint8Array(BigInt64Array.of(PATIENCE_S, 0n).buffer)
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length)
  const buffer = new Uint8Array(BUFFER_BYTES)
  const address = koffi.address(buffer)
  return {
    buffer,
    send: (request) => (Number(send(fd, request, request.length, 0)) < 0 ? errnoName() : undefined),
    receive: () => {
      const length = Number(receive(fd, address, BUFFER_BYTES, 0))
      return length < 0 ? errnoName() : length
    },
    close: () => close(fd),
  }
}
