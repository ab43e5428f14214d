import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { lacksNamespaces } from '../fixtures/machine.ts'

/** A network of 65,000 addresses directly at an interface, in a namespace; its hosts live in another one. */
const HERE = `vigia-n${process.pid}`
const HOSTS = `${HERE}-h`
const LIVING = 50
const DEAD = 5000
const INTERVAL_MS = 5000
const SECONDS = 12
const run = (command: string) => execFileSync('sh', ['-c', command], { stdio: 'pipe' })

/** How often the table was full, of all processors together; the kernel tells it outside of namespaces only. */
const TABLE = '/proc/net/stat/arp_cache'
const timesFull = (): number => {
  if (!existsSync(TABLE)) return 0
  const [head = '', ...rows] = readFileSync(TABLE, 'utf8').trim().split('\n')
  const column = head.trim().split(/\s+/).indexOf('table_fulls')
  return rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[column] ?? '0', 16), 0)
}

const skip = lacksNamespaces()

describe('thousands of hosts of our own network that do not exist', { skip }, () => {
  before(() => {
    run(`ip netns add ${HERE} && ip netns add ${HOSTS}`)
    run(`ip -n ${HERE} link add v0 type veth peer name v1 netns ${HOSTS}`)
    run(`ip -n ${HERE} addr add 198.19.255.1/16 dev v0 && ip -n ${HERE} link set v0 up && ip -n ${HERE} link set lo up`)
    run(`ip -n ${HOSTS} link set v1 up`)
    for (let number = 0; number < LIVING; number++) run(`ip -n ${HOSTS} addr add 198.19.0.${number + 2}/16 dev v1`)
    // A host that is not there is given up after 0.3 s in place of 3.
    run(`ip netns exec ${HERE} sysctl -qw net.ipv4.neigh.v0.retrans_time_ms=100`)
  })

  after(() => {
    for (const name of [HERE, HOSTS])
      try {
        run(`ip netns del ${name}`)
      } catch {
        // It was not made.
      }
  })

  const watch = async (type: string, ...numbers: readonly number[]): Promise<string> => {
    const script = fileURLToPath(new URL('../fixtures/dead-neighbours.ts', import.meta.url))
    const words = ['netns', 'exec', HERE, process.execPath, script, type, ...numbers.map(String)]
    return (await promisify(execFile)('ip', words)).stdout
  }

  it('wait for one another, fill no table, and hold up none that lives', async () => {
    const fullBefore = timesFull()
    const stdout = await watch('icmp', LIVING, DEAD, INTERVAL_MS, SECONDS)
    const { fewest, longestGapMs, failed, unknown, most, figures } = JSON.parse(stdout)
    assert.equal(failed.living, 0, stdout)
    assert.ok(fewest >= 2 && longestGapMs < 2 * INTERVAL_MS, `no turn of a living host was missed: ${stdout}`)
    assert.ok(failed.dead > 1000 && unknown === 0, stdout)
    // What is asserted would be idle if there had been room for all.
    assert.ok(most.waiting > 0 && figures.waited > 0, stdout)
    assert.ok(most.unresolved > 0 && most.unresolved <= figures.bound, stdout)
    assert.equal(timesFull(), fullBefore, stdout)
  })

  it('wait as well where they are asked by other means than pings', async () => {
    const [bound, dead] = [20, 1000]
    const stdout = await watch('http', LIVING, dead, INTERVAL_MS, SECONDS, bound)
    const { failed, most, figures } = JSON.parse(stdout)
    // Nobody serves the Web there: a living host refuses.
    assert.ok(failed.living >= LIVING && failed.dead > 100, stdout)
    assert.ok(most.waiting > 0 && figures.waited > 0, stdout)
    assert.ok(most.unresolved > 0 && most.unresolved <= bound, stdout)
  })
})
