import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lacksIpv6, lacksNamespaces } from '../fixtures/machine.ts'

const PORT = 40_004

it('a port on which nobody listens is refused, also where a connect is given that very port and meets itself', {
  skip: lacksNamespaces() || lacksIpv6,
}, () => {
  const script = fileURLToPath(new URL('../fixtures/meet-itself.ts', import.meta.url))
  const inside = 'ip link set lo up && echo "$2 $2" >/proc/sys/net/ipv4/ip_local_port_range && exec "$0" "$1" "$2"'
  const args = ['--net', 'sh', '-c', inside, process.execPath, script, String(PORT)]
  const said = JSON.parse(execFileSync('unshare', args, { encoding: 'utf8', stdio: 'pipe' }))
  assert.deepEqual(said, [...new Array(10).fill('refused'), 'ECONNREFUSED'])
})
