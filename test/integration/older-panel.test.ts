import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { accountsOf } from '#cli/accounts-of.ts'
import { BY_COMMAND } from '#cli/command.ts'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { type Server, startServer } from '../../src/main.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client would, without types
type Answer = any

const TIMEOUT = { timeout: 60_000 }
/** As the older panel wrote times: ISO 8601 without a zone. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/
const BOT_TOKEN = '1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'
const PASSWORD = '98765432101234'

/** A server with a mail server beside it, driven only over HTTP, as a client of the older panel does. */
describe('the API of the older panel', TIMEOUT, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-older-panel-'))
  let log = ''
  let answered = ''
  let server: Server
  let smtp: SmtpSink
  let token = ''

  before(async () => {
    smtp = await createSmtpSink()
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        log += chunk
        done()
      },
    })
    server = await startServer({
      dataDir: folder,
      language: 'es',
      timeZone: 'UTC',
      listen: { host: '127.0.0.1', port: 0 },
      environment: { SMTP_SERVER: '127.0.0.1', SMTP_PORT: String(smtp.port), SMTP_FROM: 'vigia@isp.example' },
      // A failed delivery is given up at once.
      retry: { baseMs: 1000, capMs: 1000, giveUpAfterMs: 1 },
      log: pino({ level: 'info' }, sink),
    })
    token = (
      await accountsOf(server.storage).createToken(BY_COMMAND, { name: 'cliente', role: 'operator', lastsMs: null })
    ).token
    // Dead mail servers stand on this machine, at another port than the environment's.
    const admin = (
      await accountsOf(server.storage).createToken(BY_COMMAND, { name: 'jefe', role: 'administrator', lastsMs: null })
    ).token
    const own = { allowed_channel_targets: ['loopback'] }
    const headers = { authorization: `Bearer ${admin}` }
    assert.equal((await request('PATCH', '/api/v1/settings', own, headers)).status, 200)
  })
  after(async () => {
    await server?.stop()
    await smtp?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const request = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(server.address + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    answered += text
    return { status: response.status, type: response.headers.get('content-type') ?? '', text }
  }
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const { status, type, text } = await request(method, `/alerts/api${path}`, body)
    assert.match(type, /^application\/json/, `${method} ${path}: ${text}`)
    return { status, ...JSON.parse(text) }
  }
  /** The id of something new. */
  const create = async (word: 'channel' | 'rule', body: object): Promise<number> => {
    const answer = await call('POST', `/${word}s`, body)
    assert.equal(answer.status, 200, JSON.stringify(answer))
    return answer[word].id
  }
  const refused = async (method: string, path: string, body: unknown, status: number, error: string | RegExp) => {
    const answer = await call(method, path, body)
    assert.equal(answer.status, status, JSON.stringify(answer))
    assert.deepEqual(Object.keys(answer).sort(), ['error', 'status', 'success'])
    assert.equal(answer.success, false)
    if (typeof error === 'string') assert.equal(answer.error, error)
    else assert.match(answer.error, error)
  }
  const event = async (body: object): Promise<number> => {
    const { status, text } = await request('POST', '/api/v1/events', body)
    assert.equal(status, 202, text)
    return JSON.parse(text).ids[0]
  }
  const logs = async (query = ''): Promise<Answer[]> => (await call('GET', `/logs${query}`)).logs
  /** Asks until the log holds `count` rows of a rule; the test's time-out is the bound. */
  const logsOfRule = async (ruleId: number, count: number): Promise<Answer[]> => {
    for (;;) {
      const rows = (await logs()).filter(({ rule_id }) => rule_id === ruleId)
      if (rows.length >= count) return rows
      await new Promise((later) => setTimeout(later, 20))
    }
  }
  const channelOf = async (id: number): Promise<Answer> => (await call('GET', `/channels/${id}`)).channel
  const ruleOf = async (id: number): Promise<Answer> => (await call('GET', `/rules/${id}`)).rule

  it('has the default channel and the five rules, all disabled', async () => {
    const channels = await call('GET', '/channels')
    assert.deepEqual(channels, {
      status: 200,
      success: true,
      channels: [
        {
          id: 1,
          channel_name: 'Email Principal',
          channel_type: 'email',
          description: 'Canal de email principal para alertas de seguridad',
          config: { recipients: [] },
          is_enabled: false,
          is_verified: false,
          total_alerts_sent: 0,
          successful_sends: 0,
          failed_sends: 0,
          last_alert_sent_at: null,
        },
      ],
      total: 1,
    })
    const { rules, total } = await call('GET', '/rules')
    assert.equal(total, 5)
    const { message_template: message, ...beaconing } = rules[3]
    assert.match(message, /^ALERTA CRÍTICA: Beaconing Detectado\n\nIP Origen: {{ip}}\n/)
    assert.deepEqual(beaconing, {
      id: 4,
      rule_name: 'Zeek Beaconing (C&C)',
      description: 'Alertar cuando Zeek detecta comunicación con C&C',
      rule_type: 'zeek_detection',
      conditions: { detection_type: { operator: '==', value: 'beaconing' } },
      severity_threshold: 'CRITICAL',
      channel_ids: [1],
      is_enabled: false,
      cooldown_minutes: 5,
      last_triggered_at: null,
      total_triggers: 0,
      times_triggered: 0,
      total_alerts_sent: 0,
      subject_template: 'CRITICO - Beaconing Detectado (Posible C&C)',
    })
    assert.equal((await call('GET', '/rules?is_enabled=true')).total, 0)
    assert.equal((await call('GET', '/rules?is_enabled=FALSE')).total, 5)
    assert.equal((await call('GET', '/rules?is_enabled=no')).total, 5)
    assert.equal((await call('GET', '/rules?rule_type=zeek_detection')).total, 3)
  })

  it('keeps channels as their users know them', async () => {
    await refused('POST', '/channels', {}, 400, 'No se proporcionaron datos')
    await refused('POST', '/channels', { config: {} }, 400, 'Campo requerido: channel_name')
    await refused('POST', '/channels', { channel_name: 'x', config: {} }, 400, 'Campo requerido: channel_type')
    await refused('POST', '/channels', { channel_name: 'x', channel_type: 'email' }, 400, 'Campo requerido: config')
    const form = { channel_name: 'Guardia', channel_type: 'email', config: { recipients: ['noc@isp.example'] } }
    const { channel, ...made } = await call('POST', '/channels', form)
    assert.deepEqual(made, {
      status: 200,
      success: true,
      channel_id: channel.id,
      message: 'Canal creado exitosamente',
    })
    assert.deepEqual(channel, {
      id: channel.id,
      ...form,
      description: '',
      is_enabled: true,
      is_verified: false,
      total_alerts_sent: 0,
      successful_sends: 0,
      failed_sends: 0,
      last_alert_sent_at: null,
    })
    await refused('POST', '/channels', form, 400, 'Ya existe un canal con ese nombre')
    assert.deepEqual(await call('GET', `/channels/${channel.id}`), { status: 200, success: true, channel })

    const changed = await call('PUT', `/channels/${channel.id}`, {
      channel_name: 'Guardia NOC',
      channel_type: 'slack',
      description: 'de noche',
      config: { recipients: ['noc@isp.example', 'jefe@isp.example'] },
    })
    assert.equal(changed.message, 'Canal actualizado exitosamente')
    assert.deepEqual(changed.channel, {
      ...channel,
      channel_name: 'Guardia NOC',
      description: 'de noche',
      config: { recipients: ['noc@isp.example', 'jefe@isp.example'] },
    })
    const toggle = () => call('POST', `/channels/${channel.id}/toggle`)
    assert.deepEqual(await toggle(), {
      status: 200,
      success: true,
      message: 'Canal deshabilitado',
      is_enabled: false,
    })
    await refused('POST', `/channels/${channel.id}/test`, undefined, 400, 'El canal está deshabilitado')
    assert.deepEqual(await toggle(), { status: 200, success: true, message: 'Canal habilitado', is_enabled: true })

    // What a client read, it may send back as it is.
    const whole = await call('PUT', `/channels/${channel.id}`, await channelOf(channel.id))
    assert.deepEqual(whole.channel, changed.channel)
    assert.deepEqual(await call('DELETE', `/channels/${channel.id}`), {
      status: 200,
      success: true,
      message: 'Canal eliminado exitosamente',
    })
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/toggle'],
      ['POST', '/test'],
    ] as const)
      await refused(
        method,
        `/channels/${channel.id}${path}`,
        method === 'PUT' ? { description: '' } : undefined,
        404,
        'Canal no encontrado',
      )
  })

  it('shows no secret, and keeps one that comes back as it was shown', async () => {
    const id = await create('channel', {
      channel_name: 'Bot',
      channel_type: 'telegram',
      config: { bot_token: BOT_TOKEN, chat_id: '-1001234' },
    })
    const shown = (await channelOf(id)).config
    assert.deepEqual(shown, { bot_token: '1234567890***', chat_id: '-1001234' })
    for (const bot_token of [shown.bot_token, '***'])
      await call('PUT', `/channels/${id}`, { config: { bot_token, chat_id: '-1005678' } })
    assert.deepEqual((await channelOf(id)).config, { bot_token: '1234567890***', chat_id: '-1005678' })

    const webhook = 'https://hooks.slack.example/services/T000/B000/secreto'
    const slack = await create('channel', {
      channel_name: 'Slack',
      channel_type: 'slack',
      config: { webhook_url: webhook },
    })
    assert.deepEqual((await channelOf(slack)).config, { webhook_url: '***' })
    const hook = await create('channel', {
      channel_name: 'Gancho',
      channel_type: 'webhook',
      config: { url: 'https://sms.isp.example/', method: 'PUT', headers: { 'X-Clave': PASSWORD } },
    })
    assert.deepEqual((await channelOf(hook)).config, {
      url: 'https://sms.isp.example/',
      method: 'PUT',
      headers: { 'X-Clave': '***' },
    })
    const mail = await create('channel', {
      channel_name: 'Otro correo',
      channel_type: 'email',
      is_enabled: false,
      config: {
        smtp_server: 'mail.isp.example',
        smtp_port: '2525',
        smtp_user: 'vigia',
        smtp_password: PASSWORD,
        recipients: ['noc@isp.example'],
      },
    })
    assert.deepEqual((await channelOf(mail)).config, {
      smtp_server: 'mail.isp.example',
      smtp_port: 2525,
      smtp_user: 'vigia',
      smtp_password: '***',
      recipients: ['noc@isp.example'],
    })
    for (const secret of [BOT_TOKEN, webhook, PASSWORD])
      assert.ok(!answered.includes(secret) && !log.includes(secret), 'a secret left the server')
    for (const one of [id, slack, hook, mail]) await call('DELETE', `/channels/${one}`)
  })

  it('says what a channel lacks, in the names that its client knows', async () => {
    const form = { channel_name: 'Nuevo', channel_type: 'email' }
    await refused(
      'POST',
      '/channels',
      { ...form, channel_type: 'paloma', config: {} },
      400,
      'Tipo de canal no soportado: paloma',
    )
    await refused(
      'POST',
      '/channels',
      { ...form, config: { recipients: [] } },
      400,
      /^config\.recipients: falta el destinatario/,
    )
    await refused('POST', '/channels', { ...form, config: { recipients: ['x'] } }, 400, /^config\.recipients/)
    await refused('POST', '/channels', { ...form, config: { recipient: 'x' } }, 400, /^config.*recipient/)
    await refused('POST', '/channels', { ...form, config: 'recipients' }, 400, 'config: debe ser un objeto')
    await refused('POST', '/channels', { ...form, channel_name: '', config: {} }, 400, /^channel_name: /)
    // Empty fields, which the older panel's own default channel had.
    const empty = { smtp_server: '', smtp_port: 587, smtp_user: '', smtp_password: '', recipients: [] }
    const id = await create('channel', { ...form, is_enabled: false, config: empty })
    await refused('POST', `/channels/${id}/toggle`, '', 400, /^config\.recipients: falta el destinatario/)
    await call('DELETE', `/channels/${id}`)
  })

  it('tests a channel, counts the test, and keeps it out of the log', async () => {
    const id = await create('channel', {
      channel_name: 'Probado',
      channel_type: 'email',
      config: { recipients: ['noc@isp.example'] },
    })
    const before = smtp.mails.length
    const { duration_ms, ...result } = await call('POST', `/channels/${id}/test`, '')
    assert.deepEqual(result, { status: 200, success: true, error: null })
    assert.ok(Number.isInteger(duration_ms) && duration_ms >= 0)
    await smtp.received(before + 1)
    assert.deepEqual(smtp.mails[before]!.to, ['noc@isp.example'])
    const counted = await channelOf(id)
    assert.deepEqual(
      [counted.is_verified, counted.total_alerts_sent, counted.successful_sends, counted.failed_sends],
      [true, 1, 1, 0],
    )
    assert.equal(counted.last_alert_sent_at, null)

    // A mail server that is not there: 200 all the same, with the reason.
    await call('PUT', `/channels/${id}`, {
      config: { recipients: ['noc@isp.example'], smtp_server: '127.0.0.1', smtp_port: 1 },
    })
    const failed = await call('POST', `/channels/${id}/test`)
    assert.equal(failed.status, 200)
    assert.equal(failed.success, false)
    assert.match(failed.error, /^127\.0\.0\.1:1 rechazó la conexión/)
    const again = await channelOf(id)
    assert.deepEqual(
      [again.is_verified, again.total_alerts_sent, again.successful_sends, again.failed_sends],
      [true, 1, 1, 1],
    )
    assert.deepEqual(await logs(), [])
    await call('DELETE', `/channels/${id}`)
  })

  it('keeps rules as their users know them, and refuses one that could never fire', async () => {
    await refused('POST', '/rules', {}, 400, 'No se proporcionaron datos')
    await refused('POST', '/rules', { rule_name: 'x', conditions: {} }, 400, 'Campo requerido: rule_type')
    await refused('POST', '/rules', { rule_name: 'x', rule_type: 'custom' }, 400, 'Campo requerido: conditions')
    const form = { rule_name: 'Confianza', rule_type: 'ml_prediction', conditions: {} }
    const { rule, ...made } = await call('POST', '/rules', form)
    assert.deepEqual(made, { status: 200, success: true, rule_id: rule.id, message: 'Regla creada exitosamente' })
    assert.deepEqual(rule, {
      id: rule.id,
      ...form,
      description: '',
      severity_threshold: 'LOW',
      channel_ids: [],
      is_enabled: true,
      cooldown_minutes: 0,
      last_triggered_at: null,
      total_triggers: 0,
      times_triggered: 0,
      total_alerts_sent: 0,
      message_template: '',
      subject_template: '',
    })
    await refused('POST', '/rules', form, 400, 'Ya existe una regla con ese nombre')
    assert.deepEqual(await call('GET', `/rules/${rule.id}`), { status: 200, success: true, rule })

    const change = {
      description: 'más de 80 %',
      conditions: { confidence: { operator: '>', value: 80 } },
      severity_threshold: 'HIGH',
      channel_ids: [1],
      cooldown_minutes: 30,
      message_template: 'IP: {{ ip }}',
      subject_template: 'Alerta: {{ ip }}',
    }
    const changed = await call('PUT', `/rules/${rule.id}`, { ...change, rule_type: 'custom' })
    assert.equal(changed.message, 'Regla actualizada exitosamente')
    assert.deepEqual(changed.rule, { ...rule, ...change })
    const whole = await call('PUT', `/rules/${rule.id}`, changed.rule)
    assert.deepEqual(whole.rule, changed.rule)

    const put = (body: object, error: RegExp) => refused('PUT', `/rules/${rule.id}`, body, 400, error)
    // What the older panel's own page sent, which never fired.
    await put(
      { conditions: { severity: 'HIGH' } },
      /^conditions\.severity: .*escriba \{ operator: "==", value: "HIGH" \}/,
    )
    await put({ channel_ids: [1, 999] }, /^channel_ids\.1: no hay un canal 999$/)
    await put({ message_template: '{% for' }, /^message_template: /)
    await put(
      { message_template: "a\n{{ '%s %s' % ip }}" },
      /^message_template: la plantilla de texto, línea 2: este formato tiene más lugares que valores$/,
    )
    await put({ subject_template: '{{ x' }, /^subject_template: /)
    await put({ severity_threshold: 'high' }, /^severity_threshold: debe ser uno de estos: LOW, MEDIUM, HIGH, CRITICAL/)
    await put({ cooldown_minutes: -1 }, /^cooldown_minutes: /)

    const toggle = () => call('POST', `/rules/${rule.id}/toggle`, '')
    assert.deepEqual(await toggle(), {
      status: 200,
      success: true,
      message: 'Regla deshabilitada',
      is_enabled: false,
    })
    assert.deepEqual(await toggle(), { status: 200, success: true, message: 'Regla habilitada', is_enabled: true })
    assert.deepEqual(await call('DELETE', `/rules/${rule.id}`), {
      status: 200,
      success: true,
      message: 'Regla eliminada exitosamente',
    })
    await refused('GET', `/rules/${rule.id}`, undefined, 404, 'Regla no encontrada')
    await refused('PUT', `/rules/${rule.id}`, change, 404, 'Regla no encontrada')
    await refused('DELETE', `/rules/${rule.id}`, undefined, 404, 'Regla no encontrada')
    await refused('POST', `/rules/${rule.id}/toggle`, undefined, 404, 'Regla no encontrada')
  })

  it('from a channel, a rule and an event to the mail, the log and the figures', async () => {
    const channel = await create('channel', {
      channel_name: 'Seguridad',
      channel_type: 'email',
      config: { recipients: ['seguridad@isp.example'] },
    })
    const dead = await create('channel', {
      channel_name: 'Muerto',
      channel_type: 'email',
      config: { recipients: ['nadie@isp.example'], smtp_server: '127.0.0.1', smtp_port: 1 },
    })
    const rule = await create('rule', {
      rule_name: 'Escaneos',
      rule_type: 'zeek_detection',
      conditions: { detection_type: { operator: '==', value: 'port_scan' } },
      severity_threshold: 'MEDIUM',
      channel_ids: [channel, dead],
      cooldown_minutes: 15,
      subject_template: 'Escaneo desde {{ ip }}',
      message_template: 'IP: {{ ip }}\nPuertos: {{ ports_count }}\nNada: [{{ nada }}]\n',
    })
    const before = smtp.mails.length
    const scan = { type: 'zeek_detection', severity: 'HIGH', detection_type: 'port_scan', ip: '203.0.113.7' }
    await event({ ...scan, ports_count: 60 })
    await smtp.received(before + 1)
    const mail = parseMail(smtp.mails[before]!.raw)
    assert.deepEqual(mail.headers.subject, ['Escaneo desde 203.0.113.7'])
    assert.match(mail.text ?? '', /IP: 203\.0\.113\.7\nPuertos: 60\nNada: \[\]/)

    // One row for each attempt, also for a second one of the same message.
    await logsOfRule(rule, 2)
    const { text } = await request('GET', '/api/v1/notifications?status=failed&limit=1')
    const { status } = await request('POST', `/api/v1/notifications/${JSON.parse(text).items[0].id}/retry`)
    assert.equal(status, 200)
    const rows = await logsOfRule(rule, 3)
    const { id, sent_at, send_duration_ms, response_code, ...row } = rows.find(({ success }) => success)
    assert.ok(Number.isInteger(id))
    assert.match(sent_at, TIME)
    assert.ok(Number.isInteger(send_duration_ms))
    assert.equal(response_code, 250)
    assert.deepEqual(row, {
      rule_id: rule,
      rule_name: 'Escaneos',
      channel_id: channel,
      channel_name: 'Seguridad',
      severity: 'HIGH',
      subject: 'Escaneo desde 203.0.113.7',
      message: 'IP: 203.0.113.7\nPuertos: 60\nNada: []',
      event_metadata: { ...scan, ports_count: 60 },
      success: true,
      error_message: null,
    })
    const failed = rows.filter(({ success }) => !success)
    assert.equal(failed.length, 2)
    assert.deepEqual(new Set(failed.map(({ channel_id }) => channel_id)), new Set([dead]))
    assert.match(failed[0].error_message, /127\.0\.0\.1:1/)
    assert.ok(rows[0].sent_at >= rows.at(-1).sent_at, 'newest first')

    // The same address within the cooldown is told no second time, another one is.
    await event({ ...scan, ports_count: 61 })
    await event({ ...scan, ip: '203.0.113.8' })
    await event({ ...scan, ip: '203.0.113.9', severity: 'LOW' })
    await smtp.received(before + 2)
    assert.deepEqual(parseMail(smtp.mails[before + 1]!.raw).headers.subject, ['Escaneo desde 203.0.113.8'])
    await logsOfRule(rule, 5)

    const figures = await ruleOf(rule)
    assert.deepEqual([figures.total_triggers, figures.times_triggered, figures.total_alerts_sent], [3, 3, 2])
    assert.match(figures.last_triggered_at, TIME)
    const sums = await channelOf(channel)
    assert.deepEqual(
      [sums.total_alerts_sent, sums.successful_sends, sums.failed_sends, sums.is_verified],
      [2, 2, 0, false],
    )
    assert.match(sums.last_alert_sent_at, TIME)
    const lost = await channelOf(dead)
    assert.deepEqual([lost.total_alerts_sent, lost.failed_sends, lost.last_alert_sent_at], [3, 3, null])

    const { stats, ...told } = await call('GET', '/logs/stats')
    assert.deepEqual(told, { status: 200, success: true, hours_back: 24 })
    assert.deepEqual(stats, {
      total_sent: 5,
      successful: 2,
      failed: 3,
      success_rate: 40,
      by_severity: { low: 0, medium: 0, high: 5, critical: 0 },
      active_channels: 2,
      active_rules: 1,
      top_rules: [{ rule_name: 'Escaneos', count: 5 }],
    })

    assert.equal((await logs('?success=true')).length, 2)
    assert.equal((await logs('?success=false')).length, 3)
    assert.equal((await logs('?success=quizas')).length, 5)
    assert.equal((await logs('?severity=high')).length, 5)
    for (const other of ['LOW', 'GRAVE', '%00']) assert.equal((await logs(`?severity=${other}`)).length, 0)
    assert.equal((await logs('?limit=1')).length, 1)
    assert.equal((await logs('?limit=muchos&hours_back=ayer')).length, 5)
    assert.equal((await logs('?limit=0')).length, 0)
    const page = await call('GET', '/logs?limit=2')
    assert.deepEqual([page.success, page.total, page.logs.length], [true, 2, 2])

    // A deleted channel leaves its history, and the rules forget it.
    await call('DELETE', `/channels/${dead}`)
    assert.deepEqual((await ruleOf(rule)).channel_ids, [channel])
    assert.equal((await logs()).length, 5)
    await call('DELETE', `/rules/${rule}`)
    await call('DELETE', `/channels/${channel}`)
    assert.equal((await logs('?success=true'))[0].rule_name, 'Escaneos')
  })

  it('sends a test alert, or says why nothing was sent', async () => {
    const nothing = await call('POST', '/test-alert', { message: 'hola' })
    assert.equal(nothing.status, 200)
    assert.equal(nothing.success, false)
    assert.match(nothing.error, /^No se envió ninguna alerta de prueba\. Ninguna regla es para eventos de este tipo\./)
    assert.equal(nothing.result.alerts_sent, 0)

    const channel = await create('channel', {
      channel_name: 'Pruebas',
      channel_type: 'email',
      config: { recipients: ['noc@isp.example'] },
    })
    // No rule hears of it: the enabled channels do, and it counts nowhere.
    const byNobody = await call('POST', '/test-alert', { message: 'hola' })
    assert.deepEqual([byNobody.success, byNobody.message], [true, 'Alerta de prueba enviada'])
    assert.deepEqual([byNobody.result.alerts_sent, byNobody.result.errors], [1, []])
    assert.match(
      byNobody.result.note,
      /^Ninguna regla es para eventos de este tipo\..*Se probaron los canales habilitados\.$/,
    )
    assert.match(parseMail(smtp.mails.at(-1)!.raw).text ?? '', /^Este es un mensaje de prueba de Vigía\./)
    assert.equal((await call('GET', `/channels/${channel}`)).channel.total_alerts_sent, 0)
    const rule = await create('rule', {
      rule_name: 'Pruebas',
      rule_type: 'custom',
      conditions: {},
      severity_threshold: 'MEDIUM',
      channel_ids: [channel],
      cooldown_minutes: 10,
      message_template: '{{ reason }} de {{ user }}',
    })
    const before = smtp.mails.length
    assert.deepEqual(await call('POST', '/test-alert', { message: 'hola', severity: 'HIGH' }), {
      status: 200,
      success: true,
      message: 'Alerta de prueba enviada',
      result: { alerts_sent: 1, errors: [] },
    })
    assert.match(parseMail(smtp.mails[before]!.raw).text ?? '', /hola de cliente/)
    const [row] = await logsOfRule(rule, 1)
    assert.deepEqual(
      [
        row.severity,
        row.event_metadata.type,
        row.event_metadata.ip,
        row.event_metadata.reason,
        row.event_metadata.user,
      ],
      ['HIGH', 'manual_test', '127.0.0.1', 'hola', 'cliente'],
    )
    assert.match(row.event_metadata.timestamp, TIME)

    const held = await call('POST', '/test-alert', {})
    assert.equal(held.success, false)
    assert.match(held.error, /Pruebas: coincide, pero el enfriamiento retiene los avisos hasta/)
    await call('PUT', `/rules/${rule}`, { cooldown_minutes: 0 })
    assert.equal((await call('POST', '/test-alert', '')).success, true)
    assert.match(parseMail(smtp.mails.at(-1)!.raw).text ?? '', /Alerta de prueba manual desde el panel de control/)

    await call('PUT', `/channels/${channel}`, {
      config: { recipients: ['noc@isp.example'], smtp_server: '127.0.0.1', smtp_port: 1 },
    })
    const failed = await call('POST', '/test-alert')
    assert.equal(failed.success, false)
    assert.equal(failed.result.alerts_sent, 0)
    assert.equal(failed.result.errors[0].channel, 'Pruebas')
    assert.match(failed.result.errors[0].error, /^127\.0\.0\.1:1 rechazó la conexión/)
    assert.equal(failed.result.errors[0].cause_code, 'delivery_connection_refused')
    await refused('POST', '/test-alert', { severity: 'GRAVE' }, 400, /^severity: debe ser uno de estos: LOW/)
    await call('DELETE', `/rules/${rule}`)
    await call('DELETE', `/channels/${channel}`)
  })

  it('answers bad input with what is wrong with it', async () => {
    await refused('POST', '/rules', '{"rule_name":', 400, 'El cuerpo no es JSON válido')
    await refused('POST', '/rules', '[1]', 400, 'No se proporcionaron datos')
    await refused('POST', '/rules', `{"x":"${'x'.repeat(1_100_000)}"}`, 413, 'El cuerpo supera 1 MB')
    const form = await request('POST', '/alerts/api/rules', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    assert.equal(form.status, 415)
    for (const path of ['/channels/uno', '/channels/1/nada', '/nada', '/rules/-1']) {
      const { status, ...body } = await call('GET', path)
      assert.deepEqual([status, body], [404, { error: 'Not found' }], path)
    }
    const anonymous = await request('GET', '/alerts/api/channels', undefined, { authorization: '' })
    assert.equal(anonymous.status, 401)
    assert.match(anonymous.type, /json/)
  })

  it('never breaks, whatever is sent', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('email', 'webhook', 'telegram', 'slack', 'custom', -1, 1e308, '__proto__', 'x\u0000y'),
    )
    const names = ['channel_name', 'channel_type', 'config', 'rule_name', 'rule_type', 'conditions', 'channel_ids']
    const further = ['severity_threshold', 'cooldown_minutes', 'message_template', 'is_enabled', 'message', 'severity']
    const body = fc.dictionary(fc.constantFrom(...names, ...further), value, { maxKeys: 8 })
    const path = fc.constantFrom('/channels', '/rules')
    await fc.assert(
      fc.asyncProperty(path, body, async (where, sent) => {
        const answer = await call('POST', where, sent)
        assert.ok(answer.status === 200 || answer.status === 400, JSON.stringify(answer))
        if (answer.status === 200) await call('DELETE', `${where}/${answer.channel_id ?? answer.rule_id}`)
      }),
      { numRuns: 150 },
    )
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (a, b) => {
        const query = new URLSearchParams({ limit: a, hours_back: b, severity: a, success: b })
        assert.equal((await call('GET', `/logs?${query}`)).status, 200)
        assert.equal((await call('GET', `/logs/stats?${query}`)).status, 200)
      }),
      { numRuns: 30 },
    )
    assert.ok(!log.includes('internal error'), log)
  })

  it('keeps who changed what', async () => {
    const id = await create('channel', {
      channel_name: 'Auditado',
      channel_type: 'email',
      config: { recipients: ['noc@isp.example'] },
    })
    const [entry] = await server.storage.audit.list({ limit: 1 })
    assert.deepEqual(
      [entry?.actor, entry?.action, entry?.object, entry?.objectId],
      ['token:cliente', 'create', 'channel', id],
    )
    assert.equal(entry?.details.config, '(changed)')
  })
})
