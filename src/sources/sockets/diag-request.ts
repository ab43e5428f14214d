/**
 * Requests to the kernel's socket tables (`include/uapi/linux/inet_diag.h`). The older message type is used because its
 * dump walks the table once for both families; the newer one walks it once for each.
 */
const TCPDIAG_GETSOCK = 18
/** The newer type, which other protocols need. */
const SOCK_DIAG_BY_FAMILY = 20
const NLM_F_REQUEST = 1
const NLM_F_DUMP = 0x300
const HEADER_BYTES = 16
/** `struct inet_diag_req`. */
const REQUEST_BYTES = 60
const SOURCE_PORT_AT = HEADER_BYTES + 4
const STATES_AT = HEADER_BYTES + 52
const EXTENSIONS_AT = HEADER_BYTES + 3
/** `1 << (INET_DIAG_INFO - 1)`: with it comes what stands above a socket. */
const EXTENSION_INFO = 2
/** `struct inet_diag_req_v2`. */
const REQUEST_V2_BYTES = 56
const SOURCE_PORT_V2_AT = HEADER_BYTES + 8
const STATES_V2_AT = HEADER_BYTES + 4
const ATTRIBUTE_BYTES = 4
const INET_DIAG_REQ_BYTECODE = 1
const INET_DIAG_REQ_PROTOCOL = 3
const IPPROTO_MPTCP = 262
/** For kernels that do not know the attribute above: a protocol without a table, which they refuse. */
const IPPROTO_RAW = 255

/** Operations of the kernel's filter: `{ u8 code, u8 yes, u16 no }`; a comparison takes its port from the one behind it. */
const JUMP = 1
const SOURCE = { atLeast: 2, atMost: 3 } as const
const REMOTE = { atLeast: 4, atMost: 5 } as const
const OPERATION_BYTES = 4
const COMPARISON_BYTES = 8

export const LISTEN_ONLY = 1 << 10
/** Every state that `TCP_STATES` names. */
export const EVERY_STATE = 0xffe

/**
 * Above this many separate ranges the kernel sends every socket: to check a longer filter costs it more than the
 * sending does.
 */
const MOST_RANGES = 256

interface Range {
  readonly low: number
  readonly high: number
}

/** Neighbouring ports as one range; `ports` ascending. */
const rangesOf = (ports: readonly number[]): Range[] => {
  const ranges: { low: number; high: number }[] = []
  for (const port of ports) {
    const last = ranges.at(-1)
    if (last && last.high >= port - 1) last.high = port
    else ranges.push({ low: port, high: port })
  }
  return ranges
}

type Operation =
  | { readonly kind: 'compare'; readonly code: number; readonly port: number; otherwise: number | 'reject' }
  | { readonly kind: 'accept' }

/**
 * Search tree over the ranges, so that a socket passes a handful of comparisons instead of one per port. A jump goes to
 * a position in bytes from the start. `base` is where this program begins, `fail` where a socket without a match goes.
 */
const tree = (
  ranges: readonly Range[],
  { atLeast, atMost }: typeof SOURCE | typeof REMOTE,
  base: number,
  fail: number | 'reject',
): Operation[] => {
  if (ranges.length === 1) {
    const { low, high } = ranges[0]!
    return [
      { kind: 'compare', code: atLeast, port: low, otherwise: fail },
      { kind: 'compare', code: atMost, port: high, otherwise: fail },
      { kind: 'accept' },
    ]
  }
  const middle = ranges.length >> 1
  const upper = tree(ranges.slice(middle), { atLeast, atMost } as typeof SOURCE, base + COMPARISON_BYTES, fail)
  const lowerAt = base + COMPARISON_BYTES + size(upper)
  const lower = tree(ranges.slice(0, middle), { atLeast, atMost } as typeof SOURCE, lowerAt, fail)
  return [{ kind: 'compare', code: atLeast, port: ranges[middle]!.low, otherwise: lowerAt }, ...upper, ...lower]
}

const size = (operations: readonly Operation[]): number =>
  operations.reduce((sum, { kind }) => sum + (kind === 'compare' ? COMPARISON_BYTES : OPERATION_BYTES), 0)

/** The bytes: jumps are relative, the end accepts, and a jump that leaves the end 4 bytes behind rejects. */
const encode = (operations: readonly Operation[]): Uint8Array => {
  const bytes = new Uint8Array(size(operations))
  const view = new DataView(bytes.buffer)
  const operation = (at: number, code: number, yes: number, no: number) => {
    view.setUint8(at, code)
    view.setUint8(at + 1, yes)
    view.setUint16(at + 2, no, true)
  }
  let at = 0
  for (const one of operations) {
    const left = bytes.length - at
    if (one.kind === 'accept') operation(at, JUMP, OPERATION_BYTES, left)
    else {
      const no = one.otherwise === 'reject' ? left + OPERATION_BYTES : one.otherwise - at
      operation(at, one.code, COMPARISON_BYTES, no)
      operation(at + OPERATION_BYTES, 0, 0, one.port)
    }
    at += one.kind === 'accept' ? OPERATION_BYTES : COMPARISON_BYTES
  }
  return bytes
}

/**
 * The kernel's filter for sockets with one of these ports (ascending) as their own, or with `remote` as their far end's
 * too; undefined where no filter is better.
 */
export const portFilter = (ports: readonly number[], remote: boolean): Uint8Array | undefined => {
  const ranges = rangesOf(ports)
  if (ranges.length === 0 || ranges.length > MOST_RANGES) return undefined
  if (!remote) return encode(tree(ranges, SOURCE, 0, 'reject'))
  const bytes = size(tree(ranges, SOURCE, 0, 'reject'))
  return encode([...tree(ranges, SOURCE, 0, bytes), ...tree(ranges, REMOTE, bytes, 'reject')])
}

/** What of the ports goes into a request: a single one has a field of its own, cheaper than a filter. */
const selection = (ports: readonly number[] | undefined, remote: boolean) => {
  const single = ports?.length === 1 && !remote ? ports[0]! : 0
  const filter = ports && single === 0 ? portFilter(ports, remote) : undefined
  return { single, filter, filterBytes: filter ? ATTRIBUTE_BYTES + filter.length : 0 }
}

/** A message with its header; the caller fills in the rest. */
const message = (type: number, length: number) => {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, length, true)
  view.setUint16(4, type, true)
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, true)
  return { bytes, view }
}

const putFilter = ({ bytes, view }: ReturnType<typeof message>, at: number, filter: Uint8Array) => {
  view.setUint16(at, ATTRIBUTE_BYTES + filter.length, true)
  view.setUint16(at + 2, INET_DIAG_REQ_BYTECODE, true)
  bytes.set(filter, at + ATTRIBUTE_BYTES)
}

/**
 * A request for all sockets of TCP in one of `states` (bits) that pass the filter. `whole`: with all that the kernel knows
 * of each, four times as many bytes.
 */
export const diagRequest = (
  states: number,
  ports: readonly number[] | undefined,
  remote: boolean,
  whole = false,
): Uint8Array => {
  const { single, filter, filterBytes } = selection(ports, remote)
  const request = message(TCPDIAG_GETSOCK, HEADER_BYTES + REQUEST_BYTES + filterBytes)
  request.view.setUint16(SOURCE_PORT_AT, single)
  request.view.setUint32(STATES_AT, states, true)
  if (whole) request.bytes[EXTENSIONS_AT] = EXTENSION_INFO
  if (filter) putFilter(request, HEADER_BYTES + REQUEST_BYTES, filter)
  return request.bytes
}

/** The same for connections of MPTCP, of sockets of one family: 2 or 10, as the kernel counts them. */
export const multipathRequest = (
  family: number,
  states: number,
  ports: readonly number[] | undefined,
  remote: boolean,
): Uint8Array => {
  const { single, filter, filterBytes } = selection(ports, remote)
  const protocolAt = HEADER_BYTES + REQUEST_V2_BYTES
  const filterAt = protocolAt + ATTRIBUTE_BYTES + 4
  const request = message(SOCK_DIAG_BY_FAMILY, filterAt + filterBytes)
  const { bytes, view } = request
  bytes[HEADER_BYTES] = family
  bytes[HEADER_BYTES + 1] = IPPROTO_RAW
  view.setUint32(STATES_V2_AT, states, true)
  view.setUint16(SOURCE_PORT_V2_AT, single)
  view.setUint16(protocolAt, ATTRIBUTE_BYTES + 4, true)
  view.setUint16(protocolAt + 2, INET_DIAG_REQ_PROTOCOL, true)
  view.setUint32(protocolAt + ATTRIBUTE_BYTES, IPPROTO_MPTCP, true)
  if (filter) putFilter(request, filterAt, filter)
  return bytes
}
