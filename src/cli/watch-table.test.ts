import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { plainLine, tableText, type WatchRow } from './watch-table.ts'

const row = (changes: Partial<WatchRow> = {}): WatchRow => ({
  name: 'router',
  target: 'icmp://192.0.2.1',
  state: 'up',
  since: 0,
  latencyMs: 1.5,
  message: undefined,
  probes: 1,
  ...changes,
})

describe('what a terminal shows of a watch', () => {
  it('is in the language of the messages', () => {
    assert.equal(plainLine(row(), 0, 'en'), '1970-01-01T00:00:00.000Z UP router 1.50 ms')
    assert.equal(
      plainLine(row({ state: 'down', latencyMs: Number.NaN, message: 'sin respuesta' }), 0, 'es'),
      '1970-01-01T00:00:00.000Z CAÍDO router  sin respuesta',
    )
    const table = tableText([row(), row({ state: 'down' })], { columns: 80, height: 20 }, 0, 'es')
    assert.match(table, /vigilados: 2, caídos: 1 {3}\(Ctrl\+C termina\)/)
    assert.match(table, /OPERATIVO router/)
  })

  it('keeps the worst in sight where there is little room, and counts the rest', () => {
    const many = [row(), row({ name: 'broken', state: 'down' }), row()]
    const table = tableText(many, { columns: 80, height: 4 }, 0, 'en')
    assert.match(table, /DOWN {6}broken/)
    assert.match(table, /… and 2 more/)
  })
})
