import type { FlowLabel } from '#core/event/flow-label.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import { FEATURE_COUNT } from '#detectors/flow/flow-features.ts'
import { createFlowWindows, type FlowWindows, featureRow } from '#detectors/flow/flow-windows.ts'
import { createSeeded } from '#detectors/flow/grow-forest.ts'
import { createIsIgnored, createIsLocal } from '#detectors/networks.ts'
import { readLabelled } from '#sources/zeek/labelled.ts'
import type { Capture } from './captures.ts'
import type { LabelFile } from './label-file.ts'
import { makeTraffic } from './made-traffic.ts'

/** What is kept of a capture for training and judging: a fair sample of each class, however long the logs are. */
export interface Gathered {
  readonly capture: string
  readonly group: string
  /** Made up by `makeTraffic`: learned from, and never judged by. */
  readonly made: boolean
  /** Connections in the logs, and those of each label. */
  readonly lines: number
  readonly counts: Readonly<Record<FlowLabel, number>>
  readonly rows: Float32Array
  readonly labels: Uint8Array
  /** Server ports, and whether nobody answered (S0): what the trivial rules beside the model go by. */
  readonly ports: Int32Array
  readonly silent: Uint8Array
  /** Came from outside to a machine within. */
  readonly inward: Uint8Array
  /** In which order they came, and the place of host and port, below 0 where that was new. */
  readonly order: Int32Array
  readonly doors: Int32Array
  readonly firstMs: number
  /** Spellings of labels that nobody knows. */
  readonly odd: ReadonlyMap<string, number>
  readonly left: number
}

/** Most connections that are kept of a class of one capture. */
const MOST = 40_000

const isLocal = createIsLocal()

const createSample = (random: () => number) => {
  const rows: Float32Array[] = []
  const ports: number[] = []
  const silent: number[] = []
  const inward: number[] = []
  const order: number[] = []
  const doors: number[] = []
  let seen = 0
  return {
    /** Every connection has the same chance to be kept, whatever comes behind it. */
    take: (row: Float32Array, conn: ConnRecord, windows: FlowWindows, index: number) => {
      seen++
      const at = rows.length < MOST ? rows.length : Math.floor(random() * seen)
      if (at >= MOST) return
      rows[at] = row.slice()
      ports[at] = conn.serverPort
      silent[at] = conn.state === 'S0' ? 1 : 0
      inward[at] =
        !isLocal(conn.clientIp) && conn.clientLocal !== true && (isLocal(conn.serverIp) || conn.serverLocal === true)
          ? 1
          : 0
      order[at] = index
      doors[at] = windows.newDoor ? -1 - windows.door : windows.door
    },
    rows,
    ports,
    silent,
    inward,
    order,
    doors,
    seen: () => seen,
  }
}

type Samples = Readonly<Record<FlowLabel, ReturnType<typeof createSample>>>

const packed = ({ malicious, benign }: Samples) => {
  const all = [...malicious.rows, ...benign.rows]
  const rows = new Float32Array(all.length * FEATURE_COUNT)
  for (const [index, one] of all.entries()) rows.set(one, index * FEATURE_COUNT)
  return {
    counts: { malicious: malicious.seen(), benign: benign.seen() },
    rows,
    labels: new Uint8Array(all.length).fill(1, 0, malicious.rows.length),
    ports: Int32Array.from([...malicious.ports, ...benign.ports]),
    silent: Uint8Array.from([...malicious.silent, ...benign.silent]),
    inward: Uint8Array.from([...malicious.inward, ...benign.inward]),
    order: Int32Array.from([...malicious.order, ...benign.order]),
    doors: Int32Array.from([...malicious.doors, ...benign.doors]),
  }
}

const samplesOf = (seed: number): Samples => {
  const random = createSeeded(seed)
  return { malicious: createSample(random), benign: createSample(random) }
}

/** Made traffic, in the form in which captures are gathered. */
export const gatherMade = (count: number, seed: number): readonly Gathered[] =>
  Array.from({ length: count }, (_, index) => {
    const samples = samplesOf(seed + index)
    const windows = createFlowWindows()
    const row = featureRow()
    const traffic = makeTraffic(seed * 1000 + index)
    for (const [at, { conn, malicious }] of traffic.entries()) {
      windows.look(conn, row)
      samples[malicious ? 'malicious' : 'benign'].take(row, conn, windows, at)
    }
    const name = `made-${index + 1}`
    return {
      capture: name,
      group: name,
      made: true,
      lines: traffic.length,
      firstMs: traffic[0]?.conn.timeMs ?? 0,
      odd: new Map(),
      left: 0,
      ...packed(samples),
    }
  })

/** Reads a capture once, computes the features of its connections as the server would, and keeps labelled ones. */
export const gather = async (capture: Capture, labelFile: LabelFile, seed: number): Promise<Gathered> => {
  const samples = samplesOf(seed)
  const isIgnored = createIsIgnored()
  const row = featureRow()
  const odd = new Map<string, number>()
  let lines = 0
  let left = 0
  let firstMs = Number.POSITIVE_INFINITY
  const windows = createFlowWindows()
  for (const path of capture.files) {
    const file = readLabelled(path)
    for await (const batch of file.batches)
      for (const { conn, label } of batch) {
        lines++
        if (isIgnored(conn.serverIp) || isIgnored(conn.clientIp)) continue
        windows.look(conn, row)
        if (conn.timeMs < firstMs) firstMs = conn.timeMs
        const told = labelFile.label(capture.name, conn)
        const known = told === undefined ? label : told
        if (known) samples[known].take(row, conn, windows, lines)
      }
    for (const [word, count] of file.odd) odd.set(word, (odd.get(word) ?? 0) + count)
    left += file.left()
  }
  return {
    capture: capture.name,
    group: labelFile.group(capture.name),
    made: false,
    lines,
    firstMs,
    odd,
    left,
    ...packed(samples),
  }
}
