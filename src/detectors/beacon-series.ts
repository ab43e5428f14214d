/** Moments of one pair that are kept: at one a minute, more than a day. */
const MOST_SAMPLES = 2048
const FIRST_SAMPLES = 16

/** Connections of one pair: when, in whole seconds, and how much the client sent, the latest ones. */
export interface BeaconSeries {
  readonly client: string
  /** The latest address, where the series is that of a name. */
  server: string
  readonly port: number
  /** Host name by which the client called the server, the latest known. */
  name: string | undefined
  /** Registered domains by which the one server was called, the first few. */
  readonly domains: Set<string>
  /** Called from outside. */
  inbound: boolean
  /** Both ends are ours. */
  inside: boolean
  times: Uint32Array
  sizes: Uint32Array
  /** Samples held, and where the oldest stands once the ring is full. */
  held: number
  oldest: number
  /** All connections so far, and those that failed. */
  total: number
  failed: number
  firstMs: number
  lastMs: number
  /** Total at which it is worth another look. */
  nextLook: number
}

export const createSeries = (client: string, server: string, port: number, timeMs: number): BeaconSeries => ({
  client,
  server,
  port,
  name: undefined,
  domains: new Set(),
  inbound: false,
  inside: false,
  times: new Uint32Array(FIRST_SAMPLES),
  sizes: new Uint32Array(FIRST_SAMPLES),
  held: 0,
  oldest: 0,
  total: 0,
  failed: 0,
  firstMs: timeMs,
  lastMs: timeMs,
  nextLook: 0,
})

const enlarged = (values: Uint32Array): Uint32Array => {
  const larger = new Uint32Array(values.length * 2)
  larger.set(values)
  return larger
}

/** Adds a connection; `mayGrow` is false when memory for samples is used up, and the ring stays as it is. */
export const addSample = (series: BeaconSeries, second: number, size: number, mayGrow: boolean): void => {
  series.total++
  if (series.held === series.times.length && mayGrow && series.times.length < MOST_SAMPLES && series.oldest === 0) {
    series.times = enlarged(series.times)
    series.sizes = enlarged(series.sizes)
  }
  const { times, sizes } = series
  let at = series.held
  if (series.held === times.length) {
    at = series.oldest
    series.oldest = (series.oldest + 1) % times.length
  } else series.held++
  times[at] = second
  sizes[at] = Math.min(size, 0xffffffff)
}

/** The samples from a moment on, in rising order of time. */
export const samplesSince = (series: BeaconSeries, fromS: number): { times: Uint32Array; sizes: Uint32Array } => {
  const { times, sizes, held } = series
  // Connections are logged at their end, so the order is nearly but not quite that of their beginning.
  const order = Uint32Array.from({ length: held }, (_, index) => index)
    .filter((index) => times[index]! >= fromS)
    .sort((a, b) => times[a]! - times[b]!)
  return { times: order.map((index) => times[index]!), sizes: order.map((index) => sizes[index]!) }
}

/** Domains that are told apart; more say no more. */
export const MOST_DOMAINS = 6
