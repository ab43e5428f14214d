import { type FlowLabel, flowLabelOf } from '#core/event/flow-label.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import { networkSet, parseAddress, parseNetwork } from '#lib/net/cidr.ts'

/**
 * Labels that stand beside the logs: one line each,
 *
 *     CAPTURE  LABEL  HOST  [PEER]  [PORT]
 *     together CAPTURE CAPTURE …
 *
 * `CAPTURE` is a folder or file name, or what one begins with; `*` stands for any capture, host, peer or port. Hosts are
 * addresses or networks: the one that began the connection, then the one that it went to. The last line that fits decides, and wins over
 * what the line of the log says; `unlabelled` leaves a connection out of training. `together` names captures of one
 * network that may never stand on both sides of a split.
 */
export interface LabelFile {
  /** undefined: no line fits. null: it is to be left out. */
  label(capture: string, conn: ConnRecord): FlowLabel | null | undefined
  /** What captures belong together: the name of their group. */
  group(capture: string): string
}

interface Line {
  readonly capture: string
  readonly label: FlowLabel | null
  readonly host: (ip: string) => boolean
  readonly peer: (ip: string) => boolean
  readonly port: number | undefined
}

const anyAddress = () => true

const addresses = (text: string | undefined): ((ip: string) => boolean) | undefined => {
  if (text === undefined || text === '*') return anyAddress
  const network = parseNetwork(text)
  if (!network) return undefined
  const set = networkSet([network])
  return (ip) => {
    const address = parseAddress(ip)
    return address !== undefined && set.has(address)
  }
}

const isOf = (capture: string, pattern: string): boolean =>
  pattern === '*' ||
  capture === pattern ||
  capture.split('/').some((part) => part.startsWith(pattern)) ||
  capture.startsWith(pattern)

export const NO_LABEL_FILE: LabelFile = { label: () => undefined, group: (capture) => capture }

/** Reads such a file; an error names the line. */
export const parseLabelFile = (text: string): LabelFile | { readonly error: string } => {
  const lines: Line[] = []
  const groups: (readonly string[])[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw.replace(/#.*/, '').trim().split(/\s+/)
    const [capture, word, host, peer, port] = words
    if (capture === undefined || capture === '') continue
    if (capture === 'together') {
      groups.push(words.slice(1))
      continue
    }
    const found = word === undefined ? 'odd' : flowLabelOf(word)
    const client = addresses(host)
    const server = addresses(peer)
    const number = port === undefined || port === '*' ? undefined : Number(port)
    const wrong =
      found === 'odd'
        ? `"${word ?? ''}" is no label; write malicious, benign or unlabelled`
        : !client || !server
          ? `"${client ? peer : host}" is no address or network; write for example 192.0.2.1, 10.0.0.0/8 or *`
          : number !== undefined && !Number.isInteger(number)
            ? `"${port}" is no port`
            : undefined
    if (wrong !== undefined) return { error: `line ${index + 1}: ${wrong}` }
    lines.push({
      capture,
      label: found === undefined ? null : (found as FlowLabel),
      host: client!,
      peer: server!,
      port: number,
    })
  }
  return {
    label: (capture, conn) =>
      lines.findLast(
        (line) =>
          isOf(capture, line.capture) &&
          line.host(conn.clientIp) &&
          line.peer(conn.serverIp) &&
          (line.port === undefined || line.port === conn.serverPort),
      )?.label,
    group: (capture) => groups.find((names) => names.some((name) => isOf(capture, name)))?.[0] ?? capture,
  }
}
