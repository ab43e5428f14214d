import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conn, failed } from '../../test/fixtures/zeek-records.ts'
import { createFlowWindow } from './flow-window.ts'

describe('features of a window', () => {
  it('are zero for nothing', () => {
    assert.deepEqual(Object.values(createFlowWindow().features()), new Array(11).fill(0))
  })

  it('tell a clock from a scan', () => {
    const clock = createFlowWindow()
    const scan = createFlowWindow()
    for (let index = 0; index < 30; index++) {
      clock.add(conn(index * 10), false)
      scan.add(failed(index ** 2 / 10, { serverIp: `203.0.113.${index}`, serverPort: index }), true)
    }
    assert.partialDeepStrictEqual(clock.features(), { connections: 30, servers: 1, ports: 1, failed: 0, regularity: 1 })
    assert.partialDeepStrictEqual(scan.features(), { connections: 30, servers: 30, ports: 30, failed: 1, inbound: 1 })
    assert.ok(scan.features().regularity < 0.6)
  })
})
