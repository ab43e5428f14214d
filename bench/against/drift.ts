/** A loop of work that never changes: sorting, hashing of text and a little allocation, as the product's own work is. */
const loop = (): number => {
  let sum = 0
  for (let round = 0; round < 60; round++) {
    const values = Array.from({ length: 20_000 }, (_, index) => (index * 2_654_435_761 + round) % 1_000_003)
    values.sort((a, b) => a - b)
    const text = JSON.stringify(values.slice(0, 5000))
    for (let index = 0; index < text.length; index++) sum = (sum * 31 + text.charCodeAt(index)) | 0
  }
  return sum
}

/** What the loop takes now: of processor time, and of the clock, which others on this machine lengthen. */
export interface Pace {
  readonly cpuMs: number
  readonly wallMs: number
}

export const measurePace = (): Pace => {
  loop()
  const [cpu, started] = [process.cpuUsage(), performance.now()]
  loop()
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - started }
}
