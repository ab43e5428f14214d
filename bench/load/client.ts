import { connect, type Socket } from 'node:net'
import { bodyOf, type EventKind } from './events.ts'
import { createFrames } from './frames.ts'

/** The process that sends. Its one argument is LoadOptions as JSON; it prints LoadResult as JSON. */

export interface LoadOptions {
  readonly port: number
  readonly path: string
  readonly token: string
  readonly kind: EventKind
  /** Events of one request. */
  readonly batch: number
  readonly connections: number
  /** Number of the first event. */
  readonly first: number
  readonly events: number
  /** Events per second; absent: as fast as answers come. */
  readonly rate?: number | undefined
  /** Give up after so long, ms. */
  readonly limitMs: number
  /** Go on when the server goes away: connect again, count what was not answered as not acknowledged. */
  readonly patient?: boolean | undefined
}

export interface LoadResult {
  readonly sent: number
  readonly acknowledged: number
  readonly refused: number
  readonly seconds: number
  /** Of requests, ms; in paced runs counted from the moment at which it was due. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number }
  /** First event and number of events of every request that was answered with 2xx. */
  readonly acknowledgedFrom: readonly number[]
  readonly firstRefusal: string
}

interface Line {
  socket: Socket
  busy: boolean
  open: boolean
  dueAt: number
  from: number
}

const options = JSON.parse(process.argv[2]!) as LoadOptions
const { port, path, token, kind, batch, first, events, rate, limitMs, patient = false } = options
const latencies: number[] = []
const acknowledgedFrom: number[] = []
let [next, sent, acknowledged, refused, open] = [first, 0, 0, 0, 0]
let firstRefusal = ''
const last = first + events
const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: `

const lines: Line[] = []
const idle: Line[] = []
let started = performance.now()
const done = Promise.withResolvers<void>()

const send = (line: Line, dueAt: number) => {
  const body = bodyOf(kind, next, Math.min(batch, last - next))
  line.busy = true
  line.dueAt = dueAt
  line.from = next
  next += batch
  sent += batch
  line.socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

const answered = (line: Line, answer: string, body: Buffer) => {
  const now = performance.now()
  latencies.push(now - line.dueAt)
  line.busy = false
  if (/^HTTP\/1\.1 2/.test(answer)) {
    acknowledged += batch
    acknowledgedFrom.push(line.from)
  } else {
    refused += batch
    firstRefusal ||= `${answer.split('\r\n', 1)[0]} ${body.toString('utf8', 0, 300)}`
  }
  proceed(line)
}

const proceed = (line: Line) => {
  if (next < last && rate === undefined) return send(line, performance.now())
  if (next >= last && lines.every(({ busy }) => !busy)) done.resolve()
  else idle.push(line)
}

const dial = (line: Line) => {
  const socket = connect(port, '127.0.0.1')
  line.socket = socket
  socket.setNoDelay(true)
  socket.on('connect', () => {
    line.open = true
    open++
    proceed(line)
  })
  socket.on(
    'data',
    createFrames((answer, body) => answered(line, answer, body)),
  )
  socket.on('error', () => {})
  socket.on('close', () => {
    if (line.open) open--
    line.open = false
    const index = idle.indexOf(line)
    if (index >= 0) idle.splice(index, 1)
    if (line.busy) refused += batch
    line.busy = false
    if (!patient) done.reject(new Error('the server closed a connection'))
    else if (next < last) setTimeout(() => dial(line), 20)
    else if (lines.every(({ busy }) => !busy)) done.resolve()
  })
}

for (let index = 0; index < options.connections; index++) {
  const line = { busy: false, open: false, dueAt: 0, from: 0 } as Line
  lines.push(line)
  dial(line)
}

/** Requests that are due leave; one that finds no free connection leaves late and is counted from when it was due. */
const pace = (perSecond: number) => {
  let index = 0
  const gap = (1000 * batch) / perSecond
  // From here on: what it takes to start this process and to connect is no answer of the server.
  started = performance.now()
  const timer = setInterval(() => {
    // Nothing is due while nobody is there to take it.
    if (patient && open === 0) index = Math.max(index, Math.floor((performance.now() - started) / gap))
    while (idle.length > 0 && next < last) {
      const dueAt = started + 50 + index * gap
      if (dueAt > performance.now()) break
      index++
      send(idle.shift()!, dueAt)
    }
    if (next >= last) clearInterval(timer)
  }, 1)
}
/** Once everything is connected. */
const paceWhenOpen = (perSecond: number) => {
  if (open < options.connections) return void setTimeout(paceWhenOpen, 1, perSecond)
  pace(perSecond)
}
if (rate !== undefined) paceWhenOpen(rate)

const limit = setTimeout(() => done.resolve(), limitMs)
await done.promise
clearTimeout(limit)
const seconds = (performance.now() - started) / 1000
latencies.sort((a, b) => a - b)
const quantile = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
const result: LoadResult = {
  sent,
  acknowledged,
  refused,
  seconds,
  latency: { p50: quantile(0.5), p99: quantile(0.99), max: latencies.at(-1) ?? 0 },
  acknowledgedFrom,
  firstRefusal,
}
process.stdout.write(JSON.stringify(result), () => process.exit(0))
