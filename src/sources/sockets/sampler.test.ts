import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { countOf, MOST_PORTS } from '#core/port/port-sample.ts'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { createSocketSampler, type Sampled } from './sampler.ts'
import { watchPorts } from './watch.ts'

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue\n'
const listener = (port: number) =>
  `   0: 0100007F:${port.toString(16).padStart(4, '0').toUpperCase()} 00000000:0000 0A 00000000:00000000 00:00000000\n`

const withTables = async (tcp: string, work: (folder: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-sockets-'))
  try {
    writeFileSync(join(folder, 'tcp'), tcp)
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('samples of the socket tables', () => {
  it('a namespace that is gone is a value, and so is one that comes back', async () => {
    await withTables(HEAD + listener(443), async (folder) => {
      const sampler = createSocketSampler({ ports: [443], procFolder: folder })
      const first = await sampler.sample()
      assert.ok(first.ok && countOf(first.samples.ports[0]!.local, 'LISTEN') === 1)
      rmSync(join(folder, 'tcp'))
      const second = await sampler.sample()
      assert.ok(!second.ok && second.code === 'unavailable')
      assert.match(second.message, /ENOENT/)
      writeFileSync(join(folder, 'tcp'), HEAD)
      const third = await sampler.sample()
      assert.ok(third.ok && countOf(third.samples.ports[0]!.local, 'LISTEN') === 0)
    })
  })

  it('counts so many ports and no more, and says how many are left', async () => {
    const ports = Array.from({ length: MOST_PORTS + 50 }, (_, index) => 1000 + index)
    await withTables(HEAD + ports.map(listener).join(''), async (procFolder) => {
      for (const chosen of [ports, 'listening'] as const) {
        const sampled = await createSocketSampler({ ports: chosen, procFolder }).sample()
        assert.ok(sampled.ok)
        assert.equal(sampled.samples.ports.length, MOST_PORTS)
        assert.equal(sampled.samples.left, 50)
      }
    })
  })

  it('calls at the same time share one look', async () => {
    await withTables(HEAD, async (procFolder) => {
      const sampler = createSocketSampler({ ports: [80], procFolder })
      const [one, two] = await Promise.all([sampler.sample(), sampler.sample()])
      assert.equal(one, two)
      assert.notEqual(await sampler.sample(), one)
    })
  })

  it('a watch ends while a look is under way', async () => {
    let finish: (sampled: Sampled) => void = () => {}
    const failed: Sampled = { ok: false, code: 'no_permission', message: 'no' }
    const seen: Sampled[] = []
    let looks = 0
    let closed = false
    let asked = () => {}
    const second = new Promise<void>((done) => {
      asked = done
    })
    const sampler = {
      sample: () => {
        if (++looks === 1) return Promise.resolve(failed)
        asked()
        return new Promise<Sampled>((done) => {
          finish = done
        })
      },
      close: () => {
        closed = true
      },
    }
    const watch = await watchPorts(sampler, 1, { clock: systemClock, timers: systemTimers }, (sampled) =>
      seen.push(sampled),
    )
    await second
    const stopped = watch.stop()
    finish(failed)
    await stopped
    assert.deepEqual([seen.length, looks, closed, watch.latest()], [1, 2, true, failed])
  })
})
