import { countOf } from '#core/port/port-sample.ts'
import { createSocketSampler } from '#sources/sockets/sampler.ts'

/**
 * Counts the ports of the first argument again and again; prints CPU ms of the cheapest count, and how many it found.
 * What other programs do to the caches meanwhile can only add to one; the peers are measured in the same way.
 */
const ports = process.argv[2]!.split(',').map(Number)
const sampler = createSocketSampler({ ports, via: 'netlink' })
const costs: number[] = []
let established = 0
for (let run = 0; run < 24; run++) {
  const before = process.cpuUsage()
  const sampled = await sampler.sample()
  const { user, system } = process.cpuUsage(before)
  if (!sampled.ok) throw new Error(sampled.message)
  established = sampled.samples.ports.reduce((sum, { local }) => sum + countOf(local, 'ESTABLISHED'), 0)
  // The first ones compile.
  if (run >= 4) costs.push((user + system) / 1000)
}
sampler.close()
console.log(JSON.stringify({ cpuMs: Math.min(...costs), established }))
