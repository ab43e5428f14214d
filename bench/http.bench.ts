import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRunner } from '#engine/schedule/runner.ts'
import { createProbeTools } from '#engine/tools.ts'
import { probeTypes } from '#probes/index.ts'
import { startListener } from './listener.ts'
import { atMostOf, cpuOfOurs, skipped, startBlackbox } from './peer.ts'
import type { Benchmark, Row } from './row.ts'

const PROBES = 4000
const AT_ONCE = 32
const BLACKBOX_PORT = 5083
const PER_10K = 's per 10,000'
const CONFIG =
  'modules:\n  http_2xx:\n    prober: http\n    timeout: 5s\n    http:\n      preferred_ip_protocol: ip4\n      tls_config:\n        insecure_skip_verify: true\n'

/** Our own probes as the engine runs them, 32 at once; the CPU of `count` after as many that warm up. */
const measureOurs = async (url: string): Promise<{ cpu: number; wrong: number }> => {
  const tools = createProbeTools()
  let wrong = 0
  let left = 0
  let toStart = 0
  let finished = () => {}
  const runner = createRunner(probeTypes.get('http')!, tools, (slot, ok) => {
    if (!ok) wrong++
    if (--left === 0) finished()
    if (toStart-- > 0) setImmediate(() => runner!.start(slot, options, 5000))
  })
  const options = { url, verify: false }
  const all = () =>
    new Promise<void>((done) => {
      left = PROBES
      toStart = PROBES - AT_ONCE
      finished = done
      for (let slot = 0; slot < AT_ONCE; slot++) runner!.start(slot, options, 5000)
    })
  await all()
  wrong = 0
  const cpu = await cpuOfOurs(all)
  tools.close()
  return { cpu: (cpu / PROBES) * 10_000, wrong }
}

const CASES = [
  { name: 'http.plain', what: 'HTTP GET', kind: 'http', bound: 0.4 },
  { name: 'http.tls', what: 'HTTPS GET, full handshake, P-256', kind: 'https', bound: 1.2 },
] as const

export const benchmark: Benchmark = {
  names: CASES.map(({ name }) => name),
  run: async (only = '') => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const file = join(folder, 'blackbox.yml')
    writeFileSync(file, CONFIG)
    const blackbox = await startBlackbox(BLACKBOX_PORT, file)
    const rows: Row[] = []
    try {
      for (const { name, what, kind, bound } of CASES) {
        if (!name.startsWith(only)) continue
        const listener = await startListener(kind)
        const url = `${kind}://127.0.0.1:${listener.port}/`
        const { cpu, wrong } = await measureOurs(url)
        if (!blackbox) rows.push(skipped(name, what, 'prometheus-blackbox-exporter'))
        else {
          const seconds = await blackbox.measure(`module=http_2xx&target=${encodeURIComponent(url)}`, PROBES / 2)
          const peer = (seconds / PROBES) * 2 * 10_000
          const base = { name, what, unit: PER_10K, ours: cpu, peer, peer_name: 'blackbox_exporter' }
          rows.push(atMostOf({ ...base, loss: wrong, n: PROBES }, bound))
        }
        listener.stop()
      }
      return rows
    } finally {
      await blackbox?.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
