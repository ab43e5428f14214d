import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'
import { createTarget, endAll, type ServerProcess, startServe, until } from './server-process.ts'

const TARGETS = 20
const ROUNDS = 3

interface Received {
  readonly id: string
  readonly reason: string
  readonly subject: string
  readonly alert: number
}

describe('SIGKILL at any moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-kill-'))
  after(() => {
    endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  it('loses no notification, and repeats only what was accepted but not yet recorded', {
    timeout: 120_000,
  }, async (context) => {
    const targets = await Promise.all(Array.from({ length: TARGETS }, createTarget))
    const hook = await createHttpSink()
    const config = {
      defaults: {
        interval: '200ms',
        timeout: '150ms',
        failures: 2,
        retry_interval: '100ms',
        successes: 1,
        recovery_interval: '100ms',
        flapping: false,
        channels: ['hook'],
      },
      channels: [{ name: 'hook', type: 'webhook', options: { url: hook.url } }],
      monitors: targets.map((target, index) => ({
        name: `target-${index}`,
        type: 'tcp',
        options: { host: '127.0.0.1', port: target.port() },
      })),
    }
    const received = () => hook.requests.map(({ body }) => JSON.parse(body) as Received)
    let server: ServerProcess = await startServe(folder, config)
    let kills = 0

    /** Changes all targets, kills at a random moment in the storm that follows, starts again, waits for the news. */
    const storm = async (change: () => Promise<unknown>, reason: string, expected: number) => {
      await change()
      await new Promise((later) => setTimeout(later, 150 + Math.random() * 500))
      await server.end('SIGKILL')
      kills++
      server = await startServe(folder, config)
      const told = () =>
        new Set(
          received()
            .filter((one) => one.reason === reason)
            .map(({ id }) => id),
        ).size
      await until(() => told() >= expected)
    }

    await until(() => (server.log().match(/"to":"up"/g) ?? []).length === TARGETS)
    for (let round = 1; round <= ROUNDS; round++) {
      await storm(() => Promise.all(targets.map((target) => target.down())), 'first', round * TARGETS)
      await storm(() => Promise.all(targets.map((target) => target.up())), 'resolved', round * TARGETS)
    }
    await server.end('SIGTERM')

    const all = received()
    const ids = new Set(all.map(({ id }) => id))
    const episodes = Map.groupBy(all, ({ subject, alert, reason }) => `${subject} ${alert} ${reason}`)
    // Nothing lost, nothing told twice under another identity.
    assert.equal(ids.size, 2 * ROUNDS * TARGETS)
    assert.equal(episodes.size, 2 * ROUNDS * TARGETS)
    // A recovery never comes before its problem.
    for (const [index, { alert, reason }] of all.entries())
      if (reason === 'resolved')
        assert.ok(all.slice(0, index).some((one) => one.alert === alert && one.reason === 'first'))
    // Each kill can repeat at most what was under way: the channel's concurrency.
    const repeats = all.length - ids.size
    context.diagnostic(`${kills} kills, ${ids.size} notifications, lost 0, repeats of the same id ${repeats}`)
    assert.ok(repeats <= kills * 8, `${repeats} repeats after ${kills} kills`)
    await Promise.all([...targets.map((target) => target.down()), hook.close()])
  })
})
