import { loadKoffi } from '#lib/run/load-koffi.ts'

/**
 * The few calls of the C library that Node does not offer: raw and ping sockets with batches and kernel timestamps.
 * Linux on 64-bit only; the layouts below (msghdr, iovec, sockaddr) are those of x86-64 and arm64.
 */
export interface Native {
  socket(domain: number, type: number, protocol: number): number
  /** Gives a socket its own address; 0, or -1. */
  bind(fd: number, address: Uint8Array): number
  close(fd: number): number
  setsockopt(fd: number, level: number, name: number, value: Uint8Array): number
  /** `vector` is the address of an array of mmsghdr. Returns the number sent, or -1. */
  sendmmsg(fd: number, vector: number, count: number, flags: number): number
  recvmmsg(fd: number, vector: number, count: number, flags: number): number
  /** Begins a connect; 0, or -1 with `EINPROGRESS` when the answer is awaited. */
  connect(fd: number, address: Uint8Array): number
  /** Ends a connection by a reset and leaves the socket as new (a connect to `AF_UNSPEC`, connect(2)); 0, or -1. */
  disconnect(fd: number): number
  /** True where a connected socket has at its own end the address and port of `address`: it has met itself. */
  meetsItself(fd: number, address: Uint8Array): boolean
  /** Reads an option into `option`, whole words; false when the kernel tells none. */
  getsockopt(fd: number, level: number, name: number): boolean
  /** The 32-bit words of the option that was read last. */
  readonly option: Uint32Array
  /** The 32-bit number at `offset` of an option's value; NaN when the kernel tells none. */
  socketOption(fd: number, level: number, name: number, offset: number): number
  epollCreate(): number
  epollAdd(epoll: number, fd: number, events: number): void
  /** Hands over each descriptor that is ready now, without waiting. Returns how many there were; at most 256. */
  epollWait(epoll: number, ready: (fd: number) => void): number
  /** Name of an error number. */
  nameOf(error: number): string
  /** Address of a buffer's memory, exact below 2^53; the buffer must be kept alive by the caller. */
  address(buffer: ArrayBuffer): number
  /** The system's wall clock, ms since the epoch with nanosecond fractions: the clock of the kernel's timestamps. */
  wallClock(): number
  /** The error of the last call, by name: `EPERM`, `EAGAIN`, … */
  errorName(): string
  /** Whether the kernel's clock is kept right by somebody (`adjtimex`); undefined where it does not say. */
  clockIsKept(): boolean | undefined
}

const CLOCK_REALTIME = 0
const EPOLL_CTL_ADD = 1
const EPOLL_CLOEXEC = 0o2000000
/** From sys/timex.h: the size of the structure, and the answer of a clock that nobody keeps. */
const TIMEX_SIZE = 208
const TIME_ERROR = 5
export const EVENTS_READ = 256
export const AF_INET = 2
export const AF_INET6 = 10
export const SOCK_DGRAM = 2
export const SOCK_RAW = 3
export const SOCK_NONBLOCK = 0o4000
export const SOCK_CLOEXEC = 0o2000000
export const MSG_DONTWAIT = 0x40
export const SOL_SOCKET = 1
export const SO_REUSEADDR = 2
export const SO_RCVBUF = 8
export const SO_RCVBUFFORCE = 33
export const SO_TIMESTAMPNS = 35
export const IPPROTO_ICMP = 1
export const IPPROTO_ICMPV6 = 58

/** Loads the C library; undefined where this is not a 64-bit Linux or the library cannot be had. */
export const loadNative = (): Native | undefined => {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return undefined
  try {
    const koffi = loadKoffi()
    const libc = koffi.load(null as never)
    const socket = libc.func('int socket(int, int, int)')
    const bind = libc.func('int bind(int, const uint8_t *, uint32_t)')
    const close = libc.func('int close(int)')
    const setsockopt = libc.func('int setsockopt(int, int, int, const uint8_t *, uint32_t)')
    const sendmmsg = libc.func('int sendmmsg(int, uintptr_t, uint32_t, int)')
    const recvmmsg = libc.func('int recvmmsg(int, uintptr_t, uint32_t, int, uintptr_t)')
    const adjtimex = libc.func('int adjtimex(uintptr_t)')
    const timex = new Uint8Array(TIMEX_SIZE)
    const timexAddress = Number(koffi.address(timex))
    const clockGettime = libc.func('int clock_gettime(int, uintptr_t)')
    // Whole seconds stay below 2^32 until 2106: no need for numbers of arbitrary size on the hot path.
    const timespec = new Uint32Array(4)
    const timespecAddress = Number(koffi.address(timespec))
    const connect = libc.func('int connect(int, uintptr_t, uint32_t)')
    const destination = new Uint8Array(28)
    const destinationAddress = Number(koffi.address(destination))
    const nowhere = new Uint8Array(16)
    const nowhereAddress = Number(koffi.address(nowhere))
    const getsockname = libc.func('int getsockname(int, uintptr_t, uintptr_t)')
    const ownEnd = new Uint8Array(28)
    const ownEndAddress = Number(koffi.address(ownEnd))
    const getsockopt = libc.func('int getsockopt(int, int, int, uintptr_t, uintptr_t)')
    const epollCreate = libc.func('int epoll_create1(int)')
    const epollControl = libc.func('int epoll_ctl(int, int, int, uintptr_t)')
    const epollWait = libc.func('int epoll_wait(int, uintptr_t, int, int)')
    const option = new Uint32Array(64)
    const optionAddress = Number(koffi.address(option))
    const optionLength = new Uint32Array(1)
    const optionLengthAddress = Number(koffi.address(optionLength))
    // On x86-64 the kernel packs epoll_event into 12 bytes; elsewhere it is 16 with the data at 8.
    const eventSize = process.arch === 'x64' ? 12 : 16
    const dataAt = eventSize - 8
    const events = new Uint8Array(eventSize * EVENTS_READ)
    const eventsAddress = Number(koffi.address(events))
    const readyNow = new Int32Array(EVENTS_READ)
    const eventsView = new DataView(events.buffer)
    const getOption = (fd: number, level: number, name: number): boolean => {
      optionLength[0] = option.byteLength
      return getsockopt(fd, level, name, optionAddress, optionLengthAddress) === 0
    }
    const names = new Map(Object.entries(koffi.os.errno).map(([name, code]) => [code, name]))
    return {
      socket,
      bind: (fd, address) => bind(fd, address, address.length),
      close,
      setsockopt: (fd, level, name, value) => setsockopt(fd, level, name, value, value.length),
      sendmmsg,
      recvmmsg: (fd, vector, count, flags) => recvmmsg(fd, vector, count, flags, 0),
      connect: (fd, address) => {
        // Some bytes: a call of `set` takes longer.
        for (let at = 0; at < address.length; at++) destination[at] = address[at]!
        return connect(fd, destinationAddress, address.length)
      },
      disconnect: (fd) => connect(fd, nowhereAddress, nowhere.length),
      meetsItself: (fd, address) => {
        optionLength[0] = ownEnd.length
        if (getsockname(fd, ownEndAddress, optionLengthAddress) !== 0) return false
        const isSame = (from: number, to: number) => {
          for (let at = from; at < to; at++) if (ownEnd[at] !== address[at]) return false
          return true
        }
        // Port, then address: between them and behind them stands what the two ends may differ in.
        return isSame(2, 4) && (address.length === 16 ? isSame(4, 8) : isSame(8, 24))
      },
      getsockopt: getOption,
      option,
      socketOption: (fd, level, name, offset) =>
        getOption(fd, level, name) && optionLength[0]! >= offset + 4 ? option[offset >> 2]! : Number.NaN,
      epollCreate: () => epollCreate(EPOLL_CLOEXEC),
      epollAdd: (epoll, fd, wanted) => {
        eventsView.setUint32(0, wanted, true)
        eventsView.setUint32(dataAt, fd, true)
        epollControl(epoll, EPOLL_CTL_ADD, fd, eventsAddress)
      },
      epollWait: (epoll, ready) => {
        const count = epollWait(epoll, eventsAddress, EVENTS_READ, 0)
        for (let index = 0; index < count; index++)
          readyNow[index] = eventsView.getUint32(index * eventSize + dataAt, true)
        for (let index = 0; index < count; index++) ready(readyNow[index]!)
        return Math.max(0, count)
      },
      nameOf: (error) => names.get(error) ?? String(error),
      address: (buffer) => Number(koffi.address(new Uint8Array(buffer))),
      wallClock: () => {
        clockGettime(CLOCK_REALTIME, timespecAddress)
        return timespec[0]! * 1000 + timespec[2]! / 1e6
      },
      clockIsKept: () => {
        // `modes` 0 asks only.
        timex.fill(0)
        const answer = adjtimex(timexAddress)
        return answer < 0 ? undefined : answer !== TIME_ERROR
      },
      errorName: () => names.get(koffi.errno()) ?? String(koffi.errno()),
    }
  } catch {
    return undefined
  }
}
