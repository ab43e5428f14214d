import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { Language, Message } from '#core/message/message.ts'
import { saidFields } from '#templates/said.ts'
import { cityOf } from './city.ts'
import { renderMessage } from './render.ts'

const at = (time: string) => Date.parse(`2026-11-21T${time}-03:00`)

const message = (changes: Partial<Message>): Message => ({
  id: 'b38fc213',
  reason: 'first',
  severity: 'HIGH',
  subject: '203.0.113.7',
  title: '',
  message: '',
  monitor: null,
  target: null,
  state: null,
  previous_state: null,
  since: new Date(at('03:12:04')).toISOString(),
  cause: null,
  labels: {},
  rule: null,
  alert: 7,
  url: null,
  ...changes,
})

const render = (language: Language, changes: Partial<Message>, now = at('03:12:45')) =>
  renderMessage(message(changes), { language, timeZone: 'America/Argentina/Cordoba', now })

const SCAN = { type: 'zeek_detection', detection_type: 'port_scan', ports_count: 4504, hosts_count: 12 }
const BAN = { type: 'fail2ban_ban', ip: '203.0.113.30', jail: 'sshd', failures: 5, bantime: 600 }

describe('messages of events', () => {
  it('say why in the second line of a chat, with numbers as people of the language write them', () => {
    const detail = (language: Language, changes: Partial<Message>) => render(language, changes).chat.detail
    assert.equal(detail('en', { event: SCAN }), '4,504 ports of 12 hosts')
    assert.equal(detail('es', { event: SCAN }), '4.504 puertos de 12 equipos')
    assert.equal(detail('es', { event: { ...SCAN, hosts_count: 1 } }), '4.504 puertos de 1 equipo')
    assert.equal(detail('es', { event: BAN }), 'jail sshd, 5 intentos fallidos, bloqueo de 10 m')
    const flood = { type: 'port_state', problem: 'syn_flood', port: 443, state: 'firing', value: 812, limit: 256 }
    assert.equal(detail('es', { event: flood }), '812 conexiones a medio abrir, límite 256')
    const exploit = { type: 'ids', signature: 'ET EXPLOIT MS17-010' }
    assert.equal(detail('es', { event: exploit }), 'ET EXPLOIT MS17-010')
    const beacon = { detection_type: 'beaconing', domain: 'c2.example', connections: 41, mean_interval: 60.2 }
    assert.equal(detail('es', { event: beacon }), 'una conexión a c2.example cada 60,2 s, 41 hasta ahora')
    assert.equal(detail('es', { event: { type: 'ups', reason: 'En baterías' } }), 'En baterías')
    assert.equal(detail('es', { event: { type: 'ups' } }), '')
  })

  it('say so with whatever a sender writes under the same names', () => {
    for (const event of [
      { ...SCAN, ports_count: '4504' },
      { ...BAN, jail: 7 },
      { detection_type: 'dns_tunneling', evidence: [] },
      { type: 'constructor', reason: '' },
    ])
      assert.equal(render('es', { event }).chat.detail, '')
  })

  it('say how many of what in what time their rule waited for', () => {
    const rate = { at_least: 20, within_ms: 600_000, distinct: 'ip' }
    const wave = { subject: 'sshd', severity: 'MEDIUM', event: BAN, rate } as const
    assert.equal(render('en', wave).subject, 'MEDIUM ban wave: 20 addresses in 10 min (sshd) · 03:12')
    const spanish = render('es', wave)
    // The clock goes before a word of it does.
    assert.equal(spanish.subject, 'MEDIA ola de bloqueos: 20 direcciones en 10 min (sshd)')
    assert.doesNotMatch(spanish.lines.join('\n'), /203\.0\.113\.30/, 'one of twenty, by chance the last')
    const often = { event: BAN, subject: '203.0.113.30', rate: { at_least: 3, within_ms: 3_600_000 } } as const
    assert.equal(render('es', often).subject, 'ALTA bloqueo de 203.0.113.30: 3 veces en 1 h · 03:12')
    assert.match(render('es', often).chat.detail, /^jail sshd/)
  })

  it('tell all times in one zone, and known fields by their names', () => {
    const event = {
      ...SCAN,
      ip: '203.0.113.7',
      dest_ip: '10.0.0.5',
      dest_port: 22,
      first_seen: '2026-11-21T06:07:04.000Z',
      last_seen: '2026-11-21T06:12:04.000Z',
      checked_at: '2026-11-20T23:00:00Z',
      reason: '203.0.113.7 scanned 4504 ports of 12 hosts',
      constructor: 'x',
    }
    assert.deepEqual(render('es', { event }).lines, [
      'Escaneo de puertos desde 203.0.113.7, desde las 03:12:04 (hace 41 s).',
      'Causa: 4.504 puertos de 12 equipos',
      'checked_at: 20 nov 20:00:00',
      'constructor: x',
      'Destino: 10.0.0.5:22',
      'Visto: 03:07:04 – 03:12:04',
      '(hora de Córdoba, −03)',
    ])
  })

  it('are open in a reminder, and closed at their end', () => {
    const again = { reason: 'reminder', reminder_number: 1, event: SCAN } as const
    assert.ok(render('en', again, at('04:12:04')).lines.includes('1st reminder, open for 1 h.'))
    assert.ok(render('es', again, at('04:12:04')).lines.includes('Recordatorio 1, abierta desde hace 1 h.'))
    assert.match(render('es', again, at('04:12:04')).subject, /203\.0\.113\.7 · 1 h · aviso 2$/)
    const over = { reason: 'resolved', duration_ms: 3_600_000, event: SCAN } as const
    assert.equal(render('es', over).subject, 'CERRADA escaneo de puertos desde 203.0.113.7 · duró 1 h')
    const more = render('en', { reason: 'repeat', event: SCAN }, at('03:40:00'))
    assert.equal(more.subject, 'HIGH port scan from 203.0.113.7 · again · 03:40')
  })

  it('say of the server itself what is so now that its trouble is over', () => {
    const event = { type: 'vigia_late', about: 'lateness', p99_seconds: 0.1 }
    const late = { subject: 'Vigía', event, ...saidFields(because('probes_late', { seconds: 6.2 })) }
    assert.match(render('es', late).lines[1]!, /más de 6,2 s tarde$/)
    const end = { ...late, reason: 'resolved', duration_ms: 60_000, ...saidFields(because('probes_in_time')) } as const
    assert.equal(render('es', end).subject, 'RECUPERADO Vigía sin retraso · duró 1 m')
    assert.ok(render('es', end).lines.includes('Ahora: las comprobaciones empiezan a tiempo'))
    assert.doesNotMatch(render('es', end).lines.join('\n'), /about|p99/)
  })

  it('tell a day in sentences', () => {
    const event = { type: 'summary', open_alerts: 1, subjects: 'POP-07', up: 1170, degraded: 0, down: 1, unknown: 0 }
    const day = render('es', { subject: 'Vigía', severity: 'LOW', event })
    assert.equal(day.subject, 'RESUMEN del día · 1 alerta abierta · 03:12')
    assert.deepEqual(day.lines.slice(0, 2), [
      'Alertas abiertas: 1 (POP-07).',
      'Monitores: 1.170 operativos, 0 degradados, 1 caído, 0 sin datos.',
    ])
    assert.equal(render('es', { event: { type: 'summary', reason: 'x' } }).chat.detail, 'x', 'a sender’s own')
  })
})

describe('messages of monitors', () => {
  const down = { monitor: 'x', state: 'down', previous_state: 'up' } as const

  it('keep both ends of a name that fills a lock screen', () => {
    const name = (end: string) => `Clínica San Roque · Alta Córdoba · fibra 200M · CPE ${end}`
    const subject = (end: string) => render('es', { ...down, subject: name(end), monitor: name(end) }).subject
    assert.match(subject('principal'), /^CAÍDO Clínica San Roque .*….* CPE principal$/)
    assert.notEqual(subject('principal'), subject('respaldo 1'))
  })

  it('say seconds where it was over within the minute', () => {
    const end = { ...down, reason: 'resolved', duration_ms: 41_000 } as const
    assert.equal(render('en', end).chat.title, 'RECOVERED 203.0.113.7 · was down 41 s (03:12:04–03:12:45)')
  })

  it('are marked by how grave they are', () => {
    const mark = (severity: Message['severity']) => render('en', { ...down, severity }).chat.mark
    assert.deepEqual((['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const).map(mark), ['🔴', '🔴', '🟠', '🟡'])
  })

  it('say of those that stand behind a degraded one that they are behind it', () => {
    const affected = { count: 96, subscribers: 1348, names: [], down: [] }
    const degraded = render('es', { ...down, state: 'degraded', affected })
    assert.equal(degraded.subject, 'DEGRADADO 203.0.113.7 · 96 equipos detrás · 03:12')
    assert.equal(degraded.lines[1], 'Detrás: 96 equipos, 1.348 abonados.')
  })

  it('say cut off of those that do not answer, where some are known to', () => {
    const affected = { count: 23, answering: 20, names: [], down: [] }
    assert.equal(render('es', { ...down, affected }).subject, 'CAÍDO 203.0.113.7 · 3 equipos incomunicados · 03:12')
    const all = render('en', { ...down, affected: { ...affected, answering: 23 } })
    assert.equal(all.subject, 'DOWN 203.0.113.7 · 23 devices behind · 03:12')
    assert.equal(all.lines[1], 'Behind it: 23 devices.')
  })

  it('do not announce a next notice of what is over by now', () => {
    const next_notice = new Date(at('04:12:45')).toISOString()
    const meanwhile = { state: 'over', since: new Date(at('03:31:40')).toISOString() }
    const late = render('en', { ...down, next_notice, meanwhile }, at('03:54:00'))
    assert.doesNotMatch(late.lines.join('\n'), /Next notice/)
  })
})

describe('a digest', () => {
  const item = (subject: string, state: string, facts: Partial<NonNullable<Message['items']>[number]> = {}) => ({
    subject,
    state,
    severity: 'HIGH' as const,
    since: new Date(at('03:12:00')).toISOString(),
    cause: null,
    held: 1,
    ...facts,
  })

  it('leaves whole counts out where they do not fit, the least grave first', () => {
    const states = ['down', 'degraded', 'open', 'up', 'ended']
    const items = states.map((state) => item(state, state))
    const { subject } = render('es', { reason: 'digest', items }, at('03:15:00'))
    assert.equal(subject, 'RESUMEN 03:12–03:15 · 1 caído, 1 degradado, 1 abierta…')
  })

  it('says the cause beside those that are cut off, and no cause of what is back', () => {
    const cause = saidFields(because('connection_refused', { target: '10.0.0.1:22' }))
    const items = [item('POP-07', 'down', { affected: 28, ...cause }), item('web', 'up', cause)]
    assert.deepEqual(render('es', { reason: 'digest', items }, at('03:15:00')).lines.slice(0, 2), [
      'Ahora caídos: POP-07 (03:12, 28 incomunicados, conexión a 10.0.0.1:22 rechazada)',
      'Recuperados: web (03:12)',
    ])
  })
})

describe('the city of a zone', () => {
  it('is written as people write it', () => {
    assert.equal(cityOf('America/Argentina/Cordoba', 'en'), 'Córdoba')
    assert.equal(cityOf('America/Mexico_City', 'es'), 'Ciudad de México')
    assert.equal(cityOf('America/Mexico_City', 'en'), 'Mexico City')
    assert.equal(cityOf('America/Lima', 'es'), 'Lima')
  })
})
