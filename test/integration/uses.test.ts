import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startTestServer } from '../fixtures/server.ts'

it('what is in use is told apart from what is only there', async () => {
  const server = await startTestServer()
  try {
    assert.deepEqual(await server.get('uses'), {
      calendar: false,
      shift: false,
      duty: false,
      map: false,
      connections: false,
      security: false,
    })
    await server.event({ type: 'ml_prediction', subject: '203.0.113.7', severity: 'HIGH' })
    assert.deepEqual(await server.get('uses'), {
      calendar: false,
      shift: false,
      duty: false,
      map: false,
      connections: false,
      security: true,
    })
  } finally {
    await server.stop()
  }
})
