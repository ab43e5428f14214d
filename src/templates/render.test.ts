import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { because } from '#core/cause/cause.ts'
import type { Language, Message } from '#core/message/message.ts'
import { qualityCause } from '#core/monitor/quality-facts.ts'
import { ERROR_CODES } from '#core/result/result.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { createTimes, peopleNumber, writtenBy } from './format.ts'
import { renderMessage } from './render.ts'
import { saidFields } from './said.ts'
import { texts } from './texts/index.ts'

const at = (time: string) => Date.parse(`2026-11-21T${time}-03:00`)

const message = (changes: Partial<Message> = {}): Message => ({
  id: 'b38fc213',
  reason: 'first',
  severity: 'CRITICAL',
  subject: 'POP-07',
  title: '',
  message: '',
  monitor: 'POP-07',
  target: '10.7.0.1',
  state: 'down',
  previous_state: 'up',
  since: new Date(at('03:12:04')).toISOString(),
  cause: null,
  ...(!('cause' in changes) && saidFields(because('pings_unanswered', { sent: 5, address: '10.7.0.1' }))),
  code: 'timeout',
  labels: {},
  rule: null,
  alert: 7,
  url: 'https://vigia.example/alerts/7',
  location: 'Ruta 9 km 42',
  ...changes,
})

const render = (language: Language, changes: Partial<Message> = {}, now = at('03:12:45')) =>
  renderMessage(message(changes), { language, timeZone: 'America/Argentina/Cordoba', now })

describe('messages', () => {
  it('down, in English', () => {
    const { subject, lines, chat } = render('en', {
      attempts: 3,
      next_notice: new Date(at('04:12:45')).toISOString(),
      runbook: 'https://wiki.example/pop-07',
    })
    assert.equal(subject, 'DOWN POP-07 · 03:12')
    assert.deepEqual(lines, [
      'POP-07 (10.7.0.1) has not answered since 03:12:04 (41 s ago).',
      'Cause: 0 of 5 pings to 10.7.0.1 were answered, 3 attempts',
      'Place: Ruta 9 km 42',
      'Guide: https://wiki.example/pop-07',
      'Next notice: 04:12, unless acknowledged.',
      'View: https://vigia.example/alerts/7',
      '(Córdoba time, −03)',
    ])
    assert.deepEqual([chat.mark, chat.title, chat.color], ['🔴', 'DOWN POP-07 · since 03:12', '#ef4444'])
  })

  it('poor quality, with its figures in the language of the channel', () => {
    const facts = { loss: 0.12, rtt_p95: 84.5, jitter: 6, packets_sent: 300, packets_lost: 36, over_ms: 300_000 }
    const cause = (language: Language, code: 'packet_loss' | 'slow' | 'jitter') => {
      const quality = { code, ...facts }
      const changes = { state: 'degraded', code, quality, ...saidFields(qualityCause(code, facts)) }
      return render(language, changes).lines[1]
    }
    assert.equal(cause('en', 'packet_loss'), 'Cause: 12 % loss over 5 min (36 of 300 packets)')
    assert.equal(cause('es', 'packet_loss'), 'Causa: 12 % de pérdida en 5 min (36 de 300 paquetes)')
    assert.equal(cause('en', 'slow'), 'Cause: 95 in 100 answers within 84.5 ms over 5 min (264 answers)')
    assert.equal(cause('es', 'slow'), 'Causa: 95 de cada 100 respuestas en 84,5 ms o menos, en 5 min (264 respuestas)')
    assert.equal(cause('en', 'jitter'), 'Cause: jitter of 6 ms over 5 min (264 answers)')
    assert.equal(cause('es', 'jitter'), 'Causa: jitter de 6 ms en 5 min (264 respuestas)')
  })

  it('down, in Spanish', () => {
    const { subject, lines } = render('es')
    assert.equal(subject, 'CAÍDO POP-07 · 03:12')
    assert.equal(lines[0], 'POP-07 (10.7.0.1) no responde desde las 03:12:04 (hace 41 s).')
    assert.equal(lines[1], 'Causa: 0 de 5 pings a 10.7.0.1 con respuesta')
    assert.equal(lines.at(-1), '(hora de Córdoba, −03)')
  })

  it('reminder', () => {
    const now = at('05:22:04')
    const changes = { reason: 'reminder', reminder_number: 3 } as const
    assert.equal(render('en', changes, now).subject, 'STILL DOWN POP-07 · 2 h 10 m · notice 4')
    assert.equal(render('es', changes, now).subject, 'SIGUE CAÍDO POP-07 · 2 h 10 m · aviso 4')
    assert.ok(render('en', changes, now).lines.includes('3rd reminder, down for 2 h 10 m.'))
  })

  it('who has it', () => {
    const now = at('04:12:45')
    const ack = { by: 'Laura P.', at: new Date(at('03:20:00')).toISOString(), note: 'crew\non the way' }
    const taken = { reason: 'reminder', reminder_number: 1, ack } as const
    assert.ok(render('en', taken, now).lines.includes('Acknowledged: Laura P. at 03:20, “crew on the way”.'))
    const lapsed = { ...taken, ack: { ...ack, until: new Date(at('04:00:00')).toISOString() } }
    assert.ok(
      render('es', lapsed, now).lines.includes(
        'Atendido por Laura P. a las 03:20, “crew on the way”, hasta las 04:00.',
      ),
    )
    assert.ok(render('en', { ...taken, ack: undefined } as never, now).lines.includes('Nobody has acknowledged it.'))
    assert.ok(!render('en').lines.join().includes('cknowledge'))
  })

  it('escalated', () => {
    const now = at('03:27:04')
    const { subject, lines, chat } = render('en', { reason: 'escalated' }, now)
    assert.equal(subject, 'STILL DOWN POP-07 · 15 m · not acknowledged')
    assert.ok(lines.includes('Nobody has acknowledged it.'))
    assert.match(chat.detail, /Nobody has acknowledged it\.$/)
    assert.equal(render('es', { reason: 'escalated' }, now).subject, 'SIGUE CAÍDO POP-07 · 15 m · sin atender')
  })

  it('a copy says by which channel it could not go', () => {
    assert.equal(render('en', { instead_of: 'mail' }).lines[0], 'Sent this way because mail could not deliver it.')
    assert.match(
      render('es', { instead_of: 'mail' }).chat.detail,
      /\nLlega por aquí porque no se pudo entregar por mail\.$/,
    )
  })

  it('buttons and the link that does the same', () => {
    const ack_url = 'https://vigia.example/ack/7.abc'
    const options = { language: 'es', timeZone: 'UTC', now: at('03:12:45'), ackToken: () => '7.abc' } as const
    const { lines, chat } = renderMessage(message({ ack_url }), options)
    assert.ok(lines.includes(`Atender: ${ack_url}`))
    assert.deepEqual(chat.links[0], { label: 'Atender', url: ack_url, acknowledges: true })
    assert.deepEqual(
      chat.actions!.map(({ kind, label, token }) => [kind, label, token]),
      [
        ['acknowledge', 'Atender', '7.abc'],
        ['silence', 'Silenciar 1 h', '7.abc'],
      ],
    )
    assert.equal(render('en').chat.actions, undefined)
  })

  it('recovery', () => {
    const changes = { reason: 'resolved', state: 'up', previous_state: 'down', duration_ms: 9_066_000 } as const
    const english = render('en', changes, at('05:43:25'))
    assert.equal(english.subject, 'RECOVERED POP-07 · was down 2 h 31 m')
    assert.deepEqual(english.lines.slice(0, 2), [
      'POP-07 (10.7.0.1) has answered since 05:43:10.',
      'Down from 03:12:04 to 05:43:10 (2 h 31 m 06 s).',
    ])
    assert.equal(english.chat.mark, '🟢')
    const spanish = render('es', changes, at('05:43:25'))
    assert.equal(spanish.subject, 'RECUPERADO POP-07 · estuvo caído 2 h 31 m')
    assert.deepEqual(spanish.lines.slice(0, 2), [
      'POP-07 (10.7.0.1) responde desde las 05:43:10.',
      'Caído de 03:12:04 a 05:43:10 (2 h 31 m 06 s).',
    ])
  })

  it('an outage in which nobody looked for a while', () => {
    const facts = { duration_ms: 1_866_000, unwatched_ms: 7_200_000 } as const
    const changes = { reason: 'resolved', state: 'up', previous_state: 'down', ...facts } as const
    const english = render('en', changes, at('05:43:25'))
    assert.equal(english.subject, 'RECOVERED POP-07 · was down 31 m 06 s')
    assert.equal(english.lines[1], 'Down from 03:12:04 to 05:43:10 (31 m 06 s, not watched for 2 h).')
    assert.equal(english.chat.title, 'RECOVERED POP-07 · was down 31 m 06 s (03:12–05:43)')
    assert.match(english.chat.detail, /not watched for 2 h/)
    const spanish = render('es', changes, at('05:43:25'))
    assert.equal(spanish.lines[1], 'Caído de 03:12:04 a 05:43:10 (31 m 06 s, 2 h sin comprobar).')
    assert.match(spanish.chat.detail, /2 h sin comprobar/)
    const again = { reason: 'reminder', reminder_number: 2, unwatched_ms: 7_200_000 } as const
    const now = at('05:43:10')
    assert.equal(render('en', again, now).subject, 'STILL DOWN POP-07 · 31 m 06 s · notice 3')
    assert.ok(render('en', again, now).lines.includes('2nd reminder, down for 31 m 06 s, not watched for 2 h.'))
    assert.ok(render('es', again, now).lines.includes('Recordatorio 2, caído desde hace 31 m 06 s, 2 h sin comprobar.'))
    const escalated = { reason: 'escalated', unwatched_ms: 7_200_000 } as const
    assert.equal(render('en', escalated, now).subject, 'STILL DOWN POP-07 · 31 m 06 s · not acknowledged')
  })

  it('who closed it by hand, of a monitor as of an event', () => {
    const facts = { duration_ms: 9_066_000, resolved_by: 'hand', closed_by: 'Laura\nP.' } as const
    const changes = { reason: 'resolved', state: 'up', previous_state: 'down', ...facts } as const
    const english = render('en', changes, at('05:43:25'))
    assert.equal(english.subject, 'ENDED POP-07 · closed by hand')
    assert.equal(english.lines[1], 'Closed by hand: Laura P.')
    assert.match(english.chat.detail, /Closed by hand: Laura P\./)
    const event = { type: 'ids', event_type: 'ids', confidence: 91, closed_by: 'Laura\nP.' }
    const spanish = render('es', { ...changes, monitor: null, event }, at('05:43:25'))
    assert.equal(spanish.lines[1], 'Cerrada a mano: Laura P.')
    assert.ok(!spanish.lines.some((line) => /^(closed_by|event_type)/.test(line)))
    const own = render('en', { monitor: null, event: { type: 'ids', closed_by: 'its sender' } })
    assert.ok(own.lines.includes('closed_by: its sender'))
  })

  it('a message that is late says how it is by now: over, ended, in trouble again', () => {
    const late = (language: Language, state: string, changes: Partial<Message> = {}) => {
      const meanwhile = { state, since: new Date(at('03:20:07')).toISOString() }
      const { subject, lines } = render(language, { meanwhile, ...changes }, at('03:30:00'))
      return [subject, lines.find((line) => /late|tarde/.test(line))]
    }
    const resolved = { reason: 'resolved', state: 'up', duration_ms: 5000, resolved_by: 'recovery' } as const
    assert.deepEqual(late('en', 'over'), [
      'DOWN POP-07 · 03:12 · over since 03:20',
      'This message is late: it has been over since 03:20:07.',
    ])
    assert.deepEqual(late('en', 'ended'), [
      'DOWN POP-07 · 03:12 · ended 03:20',
      'This message is late: the alert ended at 03:20:07, which does not mean that all is well.',
    ])
    assert.deepEqual(late('es', 'ended'), [
      'CAÍDO POP-07 · 03:12 · alerta cerrada a las 03:20',
      'Este aviso llega tarde: la alerta se cerró a las 03:20:07, lo que no quiere decir que todo esté bien.',
    ])
    assert.deepEqual(late('en', 'down', resolved), [
      'RECOVERED POP-07 · in trouble again since 03:20',
      'This message is late: it has been in trouble again since 03:20:07.',
    ])
    assert.deepEqual(late('en', 'ended', resolved), [
      'ENDED POP-07 · was down 5 s',
      'This message is late: the alert ended at 03:20:07, which does not mean that all is well.',
    ])
    const { lines, chat } = render('es', {
      ...resolved,
      meanwhile: { state: 'ended', since: new Date(0).toISOString() },
    })
    assert.ok(!lines.some((line) => line.includes('responde')))
    assert.deepEqual([chat.mark, chat.color], ['⚪', '#6b7280'])
  })

  it('what ended because nothing new came says so, of a monitor', () => {
    const facts = { duration_ms: 9_066_000, resolved_by: 'time' } as const
    const changes = { reason: 'resolved', state: 'down', previous_state: 'up', ...facts } as const
    const english = render('en', changes, at('05:43:25'))
    assert.equal(english.subject, 'ENDED POP-07 · nothing new')
    assert.match(english.lines[0]!, /ended at 05:43:10 because nothing new came; no recovery was seen\.$/)
    assert.deepEqual([english.chat.mark, english.chat.color], ['⚪', '#6b7280'])
    const spanish = render('es', changes, at('05:43:25'))
    assert.equal(spanish.subject, 'TERMINADO POP-07 · sin novedades')
    assert.match(spanish.lines[0]!, /terminó a las 05:43:10 porque no hubo novedades; no se vio que respondiera\.$/)
    assert.equal(render('en', { ...changes, monitor: null }, at('05:43:25')).chat.mark, '🟢', 'of an event')
  })

  it('a parent says how many it cuts off, and how many are back', () => {
    const names = ['cpe-0711', 'olt-07b', 'cpe-0712']
    const affected = { count: 28, subscribers: 412, names, down: [] }
    const english = render('en', { affected })
    assert.equal(english.subject, 'DOWN POP-07 · 28 devices cut off · 03:12')
    assert.equal(
      english.lines[1],
      'Impact: 28 devices cut off, 412 subscribers. Not announced one by one; list at the link.',
    )
    const spanish = render('es', { affected })
    assert.equal(spanish.subject, 'CAÍDO POP-07 · 28 equipos incomunicados · 03:12')
    assert.equal(
      spanish.lines[1],
      'Impacto: 28 equipos incomunicados, 412 abonados. No se avisa uno por uno; lista en el enlace.',
    )
    const back = {
      reason: 'resolved',
      state: 'up',
      previous_state: 'down',
      duration_ms: 9_066_000,
      affected: { ...affected, down: ['cpe-0711', 'olt-07b'] },
    } as const
    assert.ok(render('en', back).lines.includes('26 of 28 devices are back.'))
    const one = { ...back, affected: { count: 1, names: ['cpe-0711'], down: [] } }
    assert.ok(render('en', one).lines.includes('1 of 1 device is back.'))
    assert.ok(render('es', one).lines.includes('Vuelve 1 de 1 equipo.'))
    assert.ok(
      render('es', back).lines.includes('Siguen caídos: cpe-0711, olt-07b (otro aviso si no vuelven en 5 min).'),
    )
  })

  it('where it broke', () => {
    const hop = { last_hop: 'core-2 (10.0.0.2)', last_hop_monitor: 'core-2', path_changed: false }
    const english = render('en', hop)
    assert.equal(english.lines[2], 'Last hop answering: core-2 (10.0.0.2).')
    assert.equal(english.chat.detail, '0 of 5 pings to 10.7.0.1 were answered · last hop: core-2 · Ruta 9 km 42')
    const spanish = render('es', hop)
    assert.equal(spanish.lines[2], 'Último salto que responde: core-2 (10.0.0.2).')
    assert.match(spanish.chat.detail, / · último salto: core-2 · Ruta 9 km 42$/)

    const elsewhere = { last_hop: '10.0.0.9', path_changed: true }
    assert.equal(render('en', elsewhere).lines[2], 'Last hop answering: 10.0.0.9; not on the usual path.')
    assert.match(
      render('es', elsewhere).lines[2]!,
      /^Último salto que responde: 10\.0\.0\.9; no está en el camino habitual/,
    )
    assert.match(render('en', elsewhere).chat.detail, / · last hop: 10\.0\.0\.9 · /)

    const answers = { answers_ping: true } as const
    assert.equal(render('en', answers).lines[2], 'The host itself answers pings.')
    assert.equal(render('es', answers).lines[2], 'El equipo sí responde al ping.')
    assert.doesNotMatch(render('en').lines.join(), /hop/)
  })

  it('flapping, its beginning and its end', () => {
    const begun = { state: 'flapping', flapping: { changes: 5, now: 'down' } } as const
    assert.equal(render('en', begun, at('03:16:04')).subject, 'FLAPPING POP-07 · 03:12')
    assert.equal(
      render('es', begun, at('03:16:04')).lines[0],
      'POP-07 (10.7.0.1) sube y baja desde las 03:12:04 (5 cambios en 4 m); ahora está caído. Se avisará cuando esté estable.',
    )
    assert.match(render('en', begun, at('03:16:04')).chat.detail, /^5 changes in 4 m, now down · 0 of 5 pings/)
    const ended = { reason: 'resolved', state: 'up', previous_state: 'flapping', duration_ms: 2_520_000 } as const
    assert.equal(render('en', ended).subject, 'STABLE POP-07 · flapped for 42 m')
    assert.equal(render('es', ended).subject, 'ESTABLE POP-07 · intermitente durante 42 m')
  })

  it('says in its own words that it cannot see, or runs late', () => {
    const blind = { monitor: null, subject: 'Vigía', event: { type: 'vigia_blind' }, severity: 'HIGH' } as const
    assert.equal(render('en', blind).subject, 'HIGH Vigía cannot see · 03:12')
    assert.equal(render('es', blind).subject, 'ALTA Vigía sin visibilidad · 03:12')
    const late = { ...blind, event: { type: 'vigia_late', about: 'lateness' } } as const
    assert.equal(render('en', late).subject, 'HIGH Vigía runs late · 03:12')
    assert.equal(render('es', late).subject, 'ALTA Vigía va con retraso · 03:12')
    const event = { type: 'vigia_blind', status: 'firing', since: 1, failing: 2, witnesses: 2 }
    const { lines } = render('en', { ...blind, event, cause: 'none of its witnesses answers' })
    assert.deepEqual(lines.slice(0, 2), [
      'Vigía has not seen the network since 03:12:04 (41 s ago): no witness answers.',
      'Its own uplink is down. What fails meanwhile counts as unknown, not as down, and is not announced; what is really down is announced when Vigía sees again.',
    ])
    assert.doesNotMatch(lines.join('\n'), /status|since: |none of its/)
    const some = render('es', { ...blind, event: { ...event, failing: 1 } }).lines[0]
    assert.equal(some, 'Vigía no ve la red desde las 03:12:04 (hace 41 s): no responde 1 de 2 testigos.')
  })

  it('says in its own words that the resolver is silent, what that means, and that it answers again', () => {
    const event = {
      type: 'vigia_resolver',
      status: 'firing',
      how: 'does not answer',
      by_last_known: 300,
      not_looked_at: 12,
    }
    const silent = { monitor: null, subject: '10.0.0.53', severity: 'HIGH', event } as const
    const english = render('en', silent)
    assert.equal(english.subject, 'HIGH DNS does not answer: 10.0.0.53 · 03:12')
    assert.deepEqual(english.lines.slice(0, 2), [
      'The resolver 10.0.0.53 has not answered since 03:12:04 (41 s ago).',
      '300 monitors are checked by the last known address of their name. 12 monitors cannot be checked: unknown, not down, and not announced one by one.',
    ])
    const how = because('answers', { rcode: 'SERVFAIL' })
    const cause = because('resolver_fails', { resolver: '10.0.0.53', how })
    const spanish = render('es', {
      ...silent,
      ...saidFields(because('names_fail', { cause, by_last_known: because('one_monitor'), not_looked_at: 0 })),
      event: { ...event, how: 'answers SERVFAIL', by_last_known: 1, not_looked_at: 0 },
    })
    assert.equal(spanish.subject, 'ALTA el DNS no responde: 10.0.0.53 · 03:12')
    assert.deepEqual(spanish.lines.slice(0, 2), [
      'El servidor DNS 10.0.0.53 no resuelve ningún nombre desde las 03:12:04 (hace 41 s): responde SERVFAIL.',
      'Se comprueba 1 monitor por la última dirección conocida de su nombre. Los demás monitores se comprueban como siempre.',
    ])
    const end = {
      ...silent,
      reason: 'resolved',
      duration_ms: 186_000,
      event: { type: 'vigia_resolver', status: 'resolved' },
    } as const
    // Long addresses leave no word of it cut.
    const far = { ...end, subject: '192.168.100.253' }
    assert.equal(render('en', far).subject, 'RECOVERED DNS is back: 192.168.100.253 · was silent 3 m 06 s')
    assert.equal(render('es', far).subject, 'RECUPERADO DNS operativo: 192.168.100.253 · 3 m 06 s sin DNS')
    assert.deepEqual(render('es', end).lines.slice(0, 2), [
      'El servidor DNS 10.0.0.53 responde de nuevo desde las 03:15:10.',
      'No respondió de 03:12:04 a 03:15:10 (3 m 06 s).',
    ])
    assert.doesNotMatch(english.lines.join(' '), /by_last_known|how:/)
  })

  it('says that it cannot see because no interface has a link', () => {
    const said = saidFields(because('no_link', { interfaces: 'eth0' }))
    const { cause } = said
    const event = { type: 'vigia_blind', status: 'firing', since: 1, ...said }
    const blind = { monitor: null, subject: 'Vigía', event, severity: 'HIGH', ...said } as const
    const first = (language: 'en' | 'es') => render(language, blind).lines[0]
    assert.equal(first('en'), `Vigía has not seen the network since 03:12:04 (41 s ago): ${cause}.`)
    const spanish = 'ninguna interfaz de red de este equipo tiene enlace (eth0)'
    assert.equal(first('es'), `Vigía no ve la red desde las 03:12:04 (hace 41 s): ${spanish}.`)
  })

  it('says in its own words that it sees again, since when, how long it was blind, and what is really down', () => {
    const end = (down: readonly string[], cutOff: number) => ({
      monitor: null,
      subject: 'Vigía',
      severity: 'HIGH' as const,
      reason: 'resolved' as const,
      duration_ms: 186_000,
      cause: 'its witnesses answer again',
      event: {
        type: 'vigia_blind',
        status: 'resolved',
        since: 1,
        down,
        down_count: down.length + cutOff,
        cut_off: cutOff,
      },
    })
    const english = render('en', end(['POP-07', 'olt-3'], 28))
    assert.equal(english.subject, 'RECOVERED Vigía sees again · could not see for 3 m 06 s')
    assert.deepEqual(english.lines.slice(0, 3), [
      'Vigía has seen the network again since 03:15:10.',
      'It could not see from 03:12:04 to 03:15:10 (3 m 06 s).',
      'Not answering now: POP-07, olt-3, and 28 behind. What stays down and was not announced yet is announced separately.',
    ])
    assert.match(english.chat.detail, /^03:12–03:15 · Not answering now: POP-07, olt-3/)
    assert.doesNotMatch(english.lines.join('\n') + english.chat.detail, /status|since: |witnesses answer/)
    const spanish = render('es', end([], 0))
    assert.equal(spanish.subject, 'RECUPERADO Vigía ve de nuevo · 3 m 06 s sin visibilidad')
    assert.deepEqual(spanish.lines.slice(0, 3), [
      'Vigía ve la red de nuevo desde las 03:15:10.',
      'Sin visibilidad de 03:12:04 a 03:15:10 (3 m 06 s).',
      'No hay ningún monitor caído ahora.',
    ])
    const many = render(
      'en',
      end(
        Array.from({ length: 50 }, (_, index) => `h-${index}`),
        0,
      ),
    )
    assert.match(many.lines[2]!, /h-19 … \+30\./)
  })

  it('a chat tells an outage and its end in two lines each, every fact once', () => {
    const affected = { count: 28, subscribers: 412, names: ['olt-1'], down: [] }
    const english = render('en', { affected, last_hop: 'core-2 (10.0.0.2)', last_hop_monitor: 'core-2' }).chat
    assert.equal(english.title, 'DOWN POP-07 · 28 devices, 412 subscribers · since 03:12')
    assert.equal(english.detail, '0 of 5 pings to 10.7.0.1 were answered · last hop: core-2 · Ruta 9 km 42')
    assert.equal(render('es', { affected }).chat.title, 'CAÍDO POP-07 · 28 equipos, 412 abonados · desde las 03:12')
    const back = {
      reason: 'resolved',
      duration_ms: 9_066_000,
      affected: { ...affected, down: ['olt-7', 'olt-9'] },
    } as const
    assert.equal(render('en', back).chat.title, 'RECOVERED POP-07 · was down 2 h 31 m (03:12–05:43) · 26/28 back')
    const spanish = render('es', back).chat
    assert.equal(spanish.title, 'RECUPERADO POP-07 · estuvo caído 2 h 31 m (03:12–05:43) · vuelven 26/28')
    assert.match(spanish.detail, /Siguen caídos: olt-7, olt-9 \(otro aviso/)
  })

  it('says when it is told again only where that is so', () => {
    const next = { next_notice: new Date(at('04:12:45')).toISOString() }
    const has = (ack: Message['ack']) =>
      render('es', { ...next, ...(ack && { ack }) }).lines.filter((line) => /aviso/.test(line))
    const ack = { by: 'Laura P. (by link)', at: new Date(at('03:12:40')).toISOString() }
    assert.deepEqual(has(undefined), ['Próximo aviso: 04:12, si nadie lo atiende.'])
    assert.deepEqual(has(ack), [])
    assert.deepEqual(has({ ...ack, until: new Date(at('07:00:00')).toISOString() }), ['Próximo aviso: 07:00.'])
    assert.ok(render('es', { ack }).lines.includes('Atendido por Laura P. (por enlace) a las 03:12.'))
  })

  it('a digest tells causes and findings in its language', () => {
    const item = (subject: string, state: string, facts: object) => ({
      subject,
      state,
      severity: 'HIGH' as const,
      since: new Date(at('03:12:00')).toISOString(),
      cause: null,
      held: 1,
      ...facts,
    })
    const items = [
      item('olt-1', 'down', {
        ...saidFields(because('connection_refused', { target: '10.0.0.1:22' })),
        code: 'refused',
      }),
      item('olt-2', 'down', { cause: 'a sentence of tomorrow', code: 'timeout' }),
      item('203.0.113.7', 'open', { kind: 'port_scan' }),
      item('Vigía', 'up', { kind: 'vigia_blind' }),
    ]
    const digest = (language: Language) =>
      render(language, { reason: 'digest', items }, at('03:15:00')).lines.slice(0, 3)
    assert.deepEqual(digest('es'), [
      'Ahora caídos: olt-1 (03:12, conexión a 10.0.0.1:22 rechazada) · olt-2 (03:12, sin respuesta a tiempo)',
      'Ahora abiertas: escaneo de puertos desde 203.0.113.7 (03:12)',
      'Recuperados: Vigía ve de nuevo (03:12)',
    ])
    const over = render('es', { reason: 'digest', items: items.slice(3) }, at('03:15:00')).chat
    assert.deepEqual([over.mark, over.color], ['🟢', '#10b981'])
    assert.equal(
      digest('en')[0],
      'Down now: olt-1 (03:12, connection to 10.0.0.1:22 refused) · olt-2 (03:12, a sentence of tomorrow)',
    )
  })

  it('a cause without a code, or of a newer version, stays behind our own words for its code', () => {
    const cause = (changes: Partial<Message>) => render('es', changes).lines[1]
    assert.equal(
      cause({ cause: 'a sentence of tomorrow', code: 'timeout', attempts: 3 }),
      'Causa: sin respuesta a tiempo, 3 intentos (a sentence of tomorrow)',
    )
    assert.equal(cause({ cause: 'what a program wrote', code: 'of its own' }), 'Causa: what a program wrote')
    const newer = {
      cause: 'a sentence of tomorrow',
      cause_code: 'of_tomorrow',
      cause_facts: { any: 'fact' },
      code: 'timeout',
    }
    assert.equal(cause(newer), 'Causa: sin respuesta a tiempo (a sentence of tomorrow)')
    assert.equal(render('en', newer).lines[1], 'Cause: a sentence of tomorrow')
    assert.equal(
      cause({ ...newer, cause_code: 'connection_refused' }),
      'Causa: sin respuesta a tiempo (a sentence of tomorrow)',
    )
  })

  it('digest, as things stand', () => {
    const item = (subject: string, state: string, time: string, cause: string | null, held: number) => ({
      subject,
      state,
      severity: 'HIGH' as const,
      since: new Date(at(time)).toISOString(),
      cause,
      held,
    })
    const items = [
      item('POP-07', 'down', '03:12:00', null, 1),
      item('webmail', 'down', '03:09:00', 'TLS expired', 2),
      item('dslam-3', 'up', '03:14:00', null, 4),
    ]
    const { subject, lines } = render(
      'en',
      { reason: 'digest', items, since: new Date(at('03:00:00')).toISOString() },
      at('03:15:00'),
    )
    assert.equal(subject, 'SUMMARY 03:00–03:15 · 2 down, 1 recovered')
    assert.deepEqual(lines.slice(0, 3), [
      'Down now: POP-07 (03:12) · webmail (03:09, TLS expired)',
      'Recovered: dslam-3 (03:14)',
      "Held by the channel's limit: 7 notices. Lost: 0.",
    ])
    assert.equal(
      render('es', { reason: 'digest', items, since: new Date(at('03:00:00')).toISOString() }, at('03:15:00')).subject,
      'RESUMEN 03:00–03:15 · 2 caídos, 1 recuperado',
    )
  })

  it('a digest names what is paused, and what ended unseen, as neither down nor recovered', () => {
    const since = new Date(at('03:12:00')).toISOString()
    const item = (subject: string, state: string, facts = {}) => ({
      subject,
      state,
      severity: 'HIGH' as const,
      since,
      cause: null,
      held: 1,
      ...facts,
    })
    const unseen = [item('link', 'down', { paused: true }), item('disk', 'ended')]
    const digest = (language: Language, items: Message['items']) =>
      render(language, { reason: 'digest', items: items!, since }, at('03:15:00'))
    const english = digest('en', [...unseen, item('web', 'down')])
    assert.equal(english.subject, 'SUMMARY 03:12–03:15 · 1 down, 1 paused, 1 ended')
    assert.deepEqual(english.lines.slice(0, 3), [
      'Down now: web (03:12)',
      'Paused, failing before: link (03:12)',
      'Ended: disk (03:12)',
    ])
    assert.equal(english.chat.mark, '🔴')
    const spanish = digest('es', unseen)
    assert.equal(spanish.subject, 'RESUMEN 03:12–03:15 · 1 en pausa, 1 terminado')
    assert.deepEqual(spanish.lines.slice(0, 2), ['En pausa, antes con falla: link (03:12)', 'Terminados: disk (03:12)'])
    assert.deepEqual([spanish.chat.mark, spanish.chat.color], ['⚪', '#6b7280'], 'green would say that it is well')
  })

  it('late delivery says so first, a test says that it is one', () => {
    assert.equal(render('en', { delayed_ms: 2_520_000 }).lines[0], 'Delayed 42 m.')
    assert.equal(render('es', { delayed_ms: 2_520_000 }).lines[0], 'Con 42 m de demora.')
    assert.match(render('es', { reason: 'test', monitor: null }).subject, /^PRUEBA /)
    assert.match(render('en', { reason: 'test', monitor: null }).lines[0]!, /test message/)
  })

  it('an event that is about no monitor names its kind and its fields', () => {
    const { subject, lines } = render('en', {
      monitor: null,
      target: null,
      state: null,
      severity: 'HIGH',
      subject: '203.0.113.7',
      cause: null,
      event: { type: 'zeek_detection', detection_type: 'port_scan', ports_count: 4504 },
    })
    assert.equal(subject, 'HIGH port scan from 203.0.113.7 · 03:12')
    assert.ok(lines.includes('ports_count: 4504'))
  })

  it('an alert of Prometheus says nothing twice, and nothing that is for programs', () => {
    const labels = { alertname: 'DiskFull', instance: 'db-1', problem: 'syn_flood' }
    const { subject, lines } = render('en', {
      monitor: null,
      target: null,
      state: null,
      subject: 'db-1',
      cause: '2 % left',
      labels,
      event: {
        type: 'prometheus_alert',
        ...labels,
        summary: '2 % left',
        description: 'on /var',
        status: 'firing',
        since: at('03:12:04'),
        starts_at: '2026-11-21T06:12:04Z',
        ends_at: '2026-11-21T06:16:04Z',
        fingerprint: '0123456789abcdef',
        labels,
      },
    })
    assert.equal(subject, 'CRITICAL DiskFull db-1 · 03:12')
    assert.deepEqual(lines, [
      'DiskFull db-1, seen since 03:12:04 (41 s ago).',
      'Cause: 2 % left',
      'description: on /var',
      'Place: Ruta 9 km 42',
      'Labels: alertname=DiskFull, instance=db-1, problem=syn_flood',
      'View: https://vigia.example/alerts/7',
      '(Córdoba time, −03)',
    ])
  })

  it('a subject fits a lock screen whatever the name, and stays one line', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
        fc.constantFrom('first', 'reminder', 'resolved' as const),
        (name, reason) => {
          const { subject } = render('es', {
            subject: name,
            monitor: name,
            reason,
            duration_ms: 1e9,
            reminder_number: 12,
          })
          assert.ok([...subject].length <= 60, subject)
          assert.doesNotMatch(subject, /[\r\n]/)
        },
      ),
    )
  })

  it('a subject cuts the phrase, and not whom it is about', () => {
    const event = { type: 'zeek_detection', detection_type: 'beaconing' }
    const scan = { monitor: null, subject: '198.51.100.199', event, reason: 'escalated' } as const
    const subject = render('es', scan, at('03:27:04')).subject
    assert.match(subject, /^SIGUE ABIERTA comunica.*… 198\.51\.100\.199 · 15 m · sin atender$/)
    assert.ok([...subject].length <= 60)
  })

  it('says of what answers wrongly, or calls by itself, how it fails', () => {
    const mismatch = because('status_mismatch', { target: 'shop.example', status: 500, expected: '2xx' })
    const wrong = { code: 'status_mismatch', ...saidFields(mismatch) } as const
    const late = {
      code: 'push_missing',
      ...saidFields(because('push_missing', { duration: '3 m', period: '1m' })),
      target: 'called every 1m',
    } as const
    const told = { code: 'push_reported_down', cause: 'exit code 1', target: 'called every 1m' } as const
    const back = { reason: 'resolved', state: 'up', previous_state: 'down', duration_ms: 60_000 } as const
    const first = (language: 'en' | 'es', changes: Partial<Message>) => render(language, changes).lines[0]
    assert.equal(first('en', wrong), 'POP-07 (10.7.0.1) has answered 500 since 03:12:04 (41 s ago).')
    assert.equal(first('es', wrong), 'POP-07 (10.7.0.1) responde mal (500) desde las 03:12:04 (hace 41 s).')
    assert.equal(first('es', { ...wrong, ...back }), 'POP-07 (10.7.0.1) está bien desde las 03:13:04.')
    assert.ok(render('en', { ...late, attempts: 2 }).lines.includes('Cause: no call for 3 m, expected every 1m'))
    assert.equal(first('en', late), 'POP-07 (called every 1m) has been overdue since 03:12:04 (41 s ago).')
    assert.equal(first('es', late), 'POP-07 (señal cada 1m) no da señal a tiempo desde las 03:12:04 (hace 41 s).')
    assert.equal(first('es', { ...late, ...back }), 'POP-07 (señal cada 1m) vuelve a dar señal desde las 03:13:04.')
    assert.equal(first('es', told), 'POP-07 (señal cada 1m) informa de una falla desde las 03:12:04 (hace 41 s).')
    assert.ok(
      render('es', { ...wrong, ...back }).lines.includes('Había sido: shop.example respondió 500; se esperaba 2xx'),
    )
    assert.match(render('en', { ...wrong, ...back }).chat.detail, /^Had been: shop\.example answered 500/)
    const slow = { reason: 'reminder', reminder_number: 1, state: 'degraded' } as const
    assert.ok(render('es', slow).lines.includes('Recordatorio 1, degradado desde hace 41 s.'))
    assert.equal(first('en', slow), 'POP-07 (10.7.0.1) has been degraded since 03:12:04 (41 s ago).')
  })

  it('ends a link in HTML where the address ends, not with the bracket or the stop behind it', () => {
    const { html } = render('en', {
      target: 'https://shop.example/health',
      cause: 'see https://wiki.example/Ping_(tool), or (https://wiki.example/a.).',
    })
    assert.deepEqual(
      [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link),
      [
        'https://shop.example/health',
        'https://wiki.example/Ping_(tool)',
        'https://wiki.example/a',
        'https://vigia.example/alerts/7',
      ],
    )
  })

  it('offers in a mail what is to be pressed as a button by its word', () => {
    const ack_url = 'https://vigia.example/ack/7.abc?a=1&b=2'
    const { html, lines } = render('es', { ack_url, url: 'https://vigia.example/alerts/7' })
    const pressed = [...html.matchAll(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].map(([, link, word]) => [word, link])
    assert.deepEqual(pressed, [
      ['Atender', 'https://vigia.example/ack/7.abc?a=1&amp;b=2'],
      ['Ver', 'https://vigia.example/alerts/7'],
    ])
    assert.ok(lines.includes(`Atender: ${ack_url}`), 'a reader of plain text needs the address')
  })

  it('nothing in a name reaches the HTML as markup', () => {
    const { html } = render('en', {
      subject: '<img src=x onerror=alert(1)>',
      monitor: 'x',
      location: '"><script>',
      cause: 'https://x.example/"onmouseover="x',
    })
    // A colour of our own is unreadable in one of the themes.
    assert.doesNotMatch(html, /[^-]color:#/)
    assert.doesNotMatch(html, /<img|<script|"onmouseover/)
    assert.match(html, /^<!doctype html><html lang="en">/)
  })

  it('has a sentence for every code in both languages', () => {
    for (const language of ['en', 'es'] as const)
      for (const code of ERROR_CODES)
        assert.ok(code === 'ok' || texts[language].causes[code].length > 3, `${language} ${code}`)
  })

  it('writes durations and numbers for people', () => {
    assert.deepEqual(
      [0, 41_000, 60_000, 7_800_000, 7_200_000, 277_200_000].map((ms) => peopleDuration(ms)),
      ['0 s', '41 s', '1 m', '2 h 10 m', '2 h', '3 d 5 h'],
    )
    assert.deepEqual([peopleNumber(4504, 'en'), peopleNumber(4504, 'es')], ['4,504', '4.504'])
  })

  it('writes numbers and dates by the region that was chosen, in texts of its language', () => {
    assert.equal(
      writtenBy('es-MX', () => peopleNumber(4504, 'es')),
      '4,504',
    )
    assert.equal(
      writtenBy('en-US', () => peopleNumber(4504, 'es')),
      '4.504',
    )
    assert.throws(() =>
      writtenBy('es-MX', () => {
        throw new Error('in the middle')
      }),
    )
    assert.equal(peopleNumber(4504, 'es'), '4.504')
    const [at, now] = [Date.UTC(2026, 10, 29, 3, 12), Date.UTC(2026, 10, 30)]
    assert.equal(createTimes('en', 'UTC', now, 'en-US').minute(at), 'Nov 29 03:12')
    assert.equal(createTimes('en', 'UTC', now).minute(at), '29 Nov 03:12')
    assert.equal(createTimes('en', 'UTC', now, 'es-MX').minute(at), '29 Nov 03:12')
  })
})
