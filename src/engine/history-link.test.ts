import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import type { ResultBatch } from '#core/result/result-batch.ts'
import { createHistoryLink } from './history-link.ts'

const batch = (id: number): ResultBatch => ({
  count: 1,
  monitorIds: Int32Array.of(id),
  at: Float64Array.of(1),
  latency: Uint32Array.of(1),
  codes: Uint8Array.of(0),
  loss: Uint8Array.of(0),
  spread: Float64Array.of(0),
})

/** Somebody who takes batches; what came, by monitor. */
const taker = () => {
  const { port1, port2 } = new MessageChannel()
  const came: number[] = []
  port1.on('message', ({ monitorIds }: ResultBatch) => came.push(...monitorIds)).unref()
  const gone = once(port2, 'close')
  return {
    port: port2,
    came,
    die: async () => {
      port1.close()
      await gone
    },
    until: async (count: number) => {
      while (came.length < count) await once(port1, 'message')
    },
  }
}

describe('the way of results to the history', () => {
  it('keeps nothing where nobody takes them', async () => {
    const link = createHistoryLink()
    link.send(batch(1))
    const one = taker()
    link.connect(one.port)
    link.send(batch(2))
    await one.until(1)
    assert.deepEqual(one.came, [2])
    link.close()
  })

  it('holds them while who took them is dead, the oldest given up at last, and hands them to the next', async () => {
    const link = createHistoryLink()
    const first = taker()
    link.connect(first.port)
    link.send(batch(1))
    await first.until(1)
    await first.die()
    for (let id = 2; id < 700; id++) link.send(batch(id))
    const second = taker()
    link.connect(second.port)
    link.send(batch(700))
    await second.until(601)
    assert.deepEqual([first.came, second.came.length], [[1], 601])
    assert.deepEqual([second.came[0], second.came.at(-1)], [100, 700])
    link.close()
  })
})
