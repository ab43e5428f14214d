import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Channel } from '#core/channel-spec.ts'
import { createRegistry } from './registry.ts'

const channel = (id: number, name: string, enabled = true): Channel => ({
  id,
  name,
  type: 'webhook',
  options: {},
  enabled,
  origin: 'vigia.yaml:1',
})

describe('what the server tells of itself', () => {
  it('goes to every channel that is enabled, unless some are named', () => {
    const registry = createRegistry(() => '')
    registry.replace([], [channel(1, 'chat'), channel(2, 'switched off', false), channel(3, 'mail')])
    assert.deepEqual(registry.ownRule().channelIds, [1, 3])
    registry.tellOwn(['mail', 'switched off'])
    assert.deepEqual(registry.ownRule().channelIds, [2, 3])
    registry.tellOwn([])
    assert.deepEqual(registry.ownRule().channelIds, [])
    registry.tellOwn(undefined)
    assert.deepEqual(registry.ownRule().channelIds, [1, 3])
  })
})
