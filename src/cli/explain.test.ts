import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { VigiaEvent } from '#core/event/event.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { eventIdsOf } from './explain.ts'

/** A store with one monitor, whose changes these were, the newest first. */
const store = (states: readonly string[]) => ({
  monitors: { list: async () => [{ id: 7, name: 'POP-07' } as Monitor] },
  events: {
    list: async () =>
      states.map(
        (state, index) => ({ id: 90 - index, type: 'monitor_state', data: { state } }) as unknown as VigiaEvent,
      ),
  },
})
const idsOf = (named: string, states: readonly string[]) => eventIdsOf(named, store(states) as never)

it('explains of a monitor its last change, and the trouble that it ended', async () => {
  assert.deepEqual(await idsOf('POP-07', ['up', 'down', 'up', 'down']), [90, 89])
  assert.deepEqual(await idsOf('POP-07', ['up', 'unknown', 'degraded']), [90, 88])
  assert.deepEqual(await idsOf('POP-07', ['down', 'up']), [90])
  assert.deepEqual(await idsOf('POP-07', ['up', 'unknown']), [90])
  assert.deepEqual(await idsOf('12', []), [12])
  await assert.rejects(() => idsOf('POP-07', []), /has not changed its state yet/)
  await assert.rejects(() => idsOf('nobody', ['up']), /neither the number of an event nor a monitor/)
})
