import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '#core/message/message.ts'
import type { TextSetName } from '#core/message/text-set.ts'
import { renderMessage } from '../render.ts'
import { withTextSet } from './index.ts'

const SINCE = '2026-11-30T06:12:04.250Z'
const NOW = Date.parse('2026-11-30T08:43:10.007Z')
const moment = { language: 'es', timeZone: 'UTC', now: NOW } as const

const message = (changes: Partial<Message> = {}): Message => ({
  id: 'm',
  reason: 'first',
  severity: 'HIGH',
  subject: 'NODO1',
  title: '',
  message: '',
  monitor: 'NODO1',
  target: '192.168.100.1',
  state: 'down',
  previous_state: 'up',
  since: SINCE,
  cause: null,
  labels: {},
  rule: null,
  alert: 1,
  url: null,
  ...changes,
})

const ours = (facts: Message) => renderMessage(facts, moment)
const written = (name: TextSetName, changes: Partial<Message> = {}) => {
  const { subject, lines, chat } = withTextSet(ours(message(changes)), name, moment)
  return { subject, text: lines.join('\n'), chat: [chat.title, chat.detail] }
}

describe('words of older tools', () => {
  it('are theirs to the byte', () => {
    assert.deepEqual(written('bash'), {
      subject: 'Alerta: NODO1 no responde',
      text: 'NO responde una parte de la red: NODO1',
      chat: ['Alerta: NODO1 no responde', 'NO responde una parte de la red: NODO1'],
    })
    const about = { description: 'Core', location: 'Sala 2' }
    assert.deepEqual(written('csv-tester', about), {
      subject: 'Connection Failure',
      text: 'WARNING! Connection to host 192.168.100.1 failed.\nCore\nSala 2',
      chat: ['Connection Failure', 'WARNING! Connection to host 192.168.100.1 failed.\nCore\nSala 2'],
    })
    assert.equal(
      written('csv-tester', { reason: 'resolved', state: 'up' }).text,
      'Connection to host 192.168.100.1 was restored.\n\n',
    )
    const target = 'db.example:5432'
    const outage = '2026-11-30 06:12:04.250000 -- Outage detected at db.example (port: 5432)'
    assert.deepEqual(written('python-services', { target }), { subject: outage, text: outage, chat: [outage, ''] })
    assert.equal(
      written('python-services', { target, reason: 'resolved', state: 'up' }).text,
      '2026-11-30 08:43:10.007000 -- Service is back UP for: db.example',
    )
    const event = { type: 'ml_prediction', ip: '203.0.113.7' }
    assert.equal(
      written('security-panel', { monitor: null, target: null, state: null, event }).text,
      'Alert: ml_prediction - No details',
    )
    assert.equal(
      written('security-panel', { reason: 'test', monitor: null, target: null, state: null }).subject,
      '[TEST] Alerta de Prueba - Sistema de Seguridad VPS',
    )
  })

  it('give way to ours where the tool had none', () => {
    for (const [name, changes] of [
      ['bash', { reason: 'resolved', state: 'up' }],
      ['bash', { state: 'degraded' }],
      ['csv-tester', { reason: 'digest', items: [] }],
      ['csv-tester', { flapping: { changes: 9, now: 'down' } }],
      ['security-panel', {}],
    ] as const) {
      const facts = message(changes as Partial<Message>)
      assert.equal(withTextSet(ours(facts), name, moment).subject, ours(facts).subject)
    }
    assert.equal(withTextSet(ours(message()), undefined, moment).subject, ours(message()).subject)
  })
})
