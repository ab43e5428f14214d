import { lookup } from 'node:dns/promises'
import { createNames } from '#names/names.ts'

/** Looks names up and prints the CPU that each took, µs: `ours`, `memory` (ours, asked again and again) or `system`. */
const [way = 'ours', count = '10000'] = process.argv.slice(2)
const AT_ONCE = 20
const WARM_UP = 1000

const names = createNames()
const signal = new AbortController().signal
const one = async (index: number) => {
  if (way === 'system') return void (await lookup(`host-${index}.test`, { all: true }))
  const found = await names.resolve(way === 'memory' ? 'host-1.test' : `host-${index}.test`, 0, signal)
  if ('code' in found) throw new Error(found.cause.code)
}
const run = async (from: number, until: number) => {
  let next = from
  const work = async () => {
    while (next < until) await one(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
await run(0, WARM_UP)
const before = process.cpuUsage()
await run(WARM_UP, WARM_UP + Number(count))
const { user, system } = process.cpuUsage(before)
console.log((user + system) / Number(count))
names.close()
process.exit(0)
