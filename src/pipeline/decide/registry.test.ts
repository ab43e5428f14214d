import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { RULE_DEFAULTS } from '#core/rule/rule-spec.ts'
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

describe('who hears of a monitor', () => {
  it('is nobody where no enabled channel and no rule is, unless it is looked at for the sake of others', () => {
    const registry = createRegistry(() => '')
    const watched = (id: number, channels: readonly string[]): Monitor =>
      ({ id, name: `m${id}`, severity: 'HIGH', labels: {}, reminderMs: [], notifyRecovery: true, channels }) as never
    registry.replace(
      [watched(1, []), watched(2, ['chat']), watched(3, ['off']), watched(4, [])],
      [channel(1, 'chat'), channel(2, 'off', false)],
    )
    registry.helpers(['m4'])
    const unheard = () => [1, 2, 3, 4].filter(registry.nobodyHears)
    assert.deepEqual(unheard(), [1, 3])
    const rule = { ...RULE_DEFAULTS, id: 1, name: 'all', type: 'monitor_state', triggers: 0, lastTriggeredAt: null }
    const made = { createdAt: 0, createdBy: null, updatedAt: 0, updatedBy: null }
    registry.replaceRules([{ ...rule, ...made, channelIds: [2], conditions: { monitor: '== m1' } }])
    assert.deepEqual(unheard(), [1, 3])
    registry.replaceRules([{ ...rule, ...made, channelIds: [1], conditions: { monitor: '== m1' } }])
    assert.deepEqual(unheard(), [3])
  })
})
