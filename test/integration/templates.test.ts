import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'

describe('templates over HTTP', () => {
  let smtp: SmtpSink
  let sink: HttpSink
  let api: TestServer
  let names = 0
  before(async () => {
    smtp = await createSmtpSink()
    sink = await createHttpSink()
    const mail = fileChannel('mail', '', {
      type: 'email',
      options: {
        to: ['noc@isp.example'],
        from: 'vigia@isp.example',
        smtp: { host: smtp.host, port: smtp.port, security: 'none' },
      },
    })
    api = await startTestServer({ wanted: { channels: [mail, fileChannel('hook', sink.url)], monitors: [] } })
  })
  after(async () => {
    await api.stop()
    await smtp.close()
    await sink.close()
  })

  /** The mail that an event of a rule with these templates becomes. */
  const mailOf = async (templates: object, event: object = {}) => {
    const type = `templated ${++names}`
    await api.post('rules', { name: type, type, channels: ['mail'], templates })
    const before = smtp.mails.length
    await api.event({ type, ...event })
    await smtp.received(before + 1)
    await api.delivered()
    const { headers, text, html } = parseMail(smtp.mails[before]!.raw)
    return { subject: headers.subject![0]!, text: text!, html: html! }
  }

  it('writes subject, text and HTML with the fields of the event', async () => {
    const { subject, text, html } = await mailOf(
      {
        subject: '{{ severity }}: {{ ip }} in {{ rule.name }}',
        text: 'País: {{ geo.country }}\n{% for port in ports %}{{ port }} {% endfor %}\n{{ missing }}|{{ alert.subject }}',
        html: '<p title="x">{{ ip }} <b>{{ note }}</b></p>',
      },
      { ip: '192.0.2.9', severity: 'HIGH', geo: { country: 'AR' }, ports: [22, 80], note: '<script>' },
    )
    assert.equal(subject, `HIGH: 192.0.2.9 in templated ${names}`)
    assert.equal(text.trimEnd(), 'País: AR\n22 80 \n|192.0.2.9')
    assert.ok(html.includes('<p title="x">192.0.2.9 <b>&lt;script&gt;</b></p>'), html)
  })

  it('has the lines of its template, whatever lines the values bring', async () => {
    const { subject, text } = await mailOf(
      { subject: '{{ note }}', text: 'Note: {{ note }}\n\nfirst\r\nlast {{ list[0] }}' },
      { note: 'a\r\nAcknowledge: b\u2028c\u202e \x1b[2Jd', list: ['x\ny'] },
    )
    assert.equal(subject, 'a Acknowledge: b c [2Jd')
    assert.equal(text.trimEnd(), 'Note: a Acknowledge: b c [2Jd\n\nfirst\nlast x y')
  })

  it('carries the words of a rule to every type of channel, and no further than its bad news', async () => {
    const type = `templated ${++names}`
    const answers = (path: string) =>
      path.includes('slack') ? 'ok' : '{"ok":true,"id":"42","result":{"message_id":1}}'
    const all = await createHttpSink({ answer: ({ path }) => ({ body: answers(path) }) })
    try {
      const { url } = all
      await api.patch('settings', { allowed_channel_targets: ['loopback'] })
      const channels = [
        { type: 'webhook', options: { url: `${url}/webhook` } },
        { type: 'webhook', options: { url: `${url}/own`, body: '{{ title }}: {{ message }}' } },
        { type: 'alertmanager', options: { url: `${url}/alertmanager` } },
        { type: 'slack', options: { webhook_url: `${url}/slack` } },
        { type: 'discord', options: { webhook_url: `${url}/discord` } },
        { type: 'telegram', options: { api_url: url, bot_token: '1:a', chat_id: 1 } },
      ]
      const made = channels.map((one, index) => ({ ...one, name: `all ${names} ${index}` }))
      for (const one of made) await api.post('channels', one)
      await api.post('rules', {
        name: type,
        type,
        channels: made.map(({ name }) => name),
        notify_recovery: true,
        templates: { subject: 'Intruder {{ ip }}', text: 'Call the guard\nat {{ ip }}' },
      })
      const told = () => all.requests.filter(({ path }) => !path.endsWith('getUpdates'))
      await api.event({ type, ip: '192.0.2.44' })
      await until(async () => told().length >= made.length)
      for (const { path, body } of told()) assert.match(body, /Call the guard.*at 192\.0\.2\.44/s, path)
      const hook = JSON.parse(all.requests.find(({ path }) => path === '/webhook')!.body)
      assert.deepEqual([hook.title, hook.message], ['Intruder 192.0.2.44', 'Call the guard\nat 192.0.2.44'])
      await api.post(`alerts/${hook.alert}/resolve`)
      await until(async () => told().length >= 2 * made.length)
      for (const { body } of told().slice(made.length)) assert.doesNotMatch(body, /Call the guard/)
    } finally {
      await all.close()
    }
  })

  it('keeps our words for what has no template, and a subject on one line', async () => {
    const { subject, text, html } = await mailOf(
      { subject: 'a\n\r\nBcc: evil@x.example\n{{ ip }}' },
      { ip: '192.0.2.8' },
    )
    assert.doesNotMatch(subject, /[\r\n]/)
    assert.match(subject, /192\.0\.2\.8$/)
    assert.match(text, /192\.0\.2\.8/)
    assert.match(html, /192\.0\.2\.8/)
    assert.deepEqual(smtp.mails.at(-1)!.to, ['noc@isp.example'])
  })

  it('sends our own words when a template fails as it runs, and says so in the log', async () => {
    const { subject, text } = await mailOf(
      { subject: '{{ 1 // zero }}', text: '{% for a in range(100000000) %}{{ a }}{% endfor %}' },
      { ip: '192.0.2.7', zero: 0 },
    )
    assert.match(subject, /192\.0\.2\.7/)
    assert.match(text, /192\.0\.2\.7/)
    assert.match(api.log(), /a template failed; our own words were sent/)
  })

  it('refuses what does not compile, at save as at a change, with the part and the line', async () => {
    for (const [part, template] of [
      ['subject', '{{ unclosed'],
      ['text', 'a\nb\n{% for x in y %}'],
      ['html', '{{ x | nosuchfilter( }}'],
    ] as const) {
      const body = { name: 'broken', type: 'x', templates: { [part]: template } }
      const answer = await api.request('POST', 'rules', body)
      assert.deepEqual([answer.status, answer.body.errors[0].path], [400, `templates.${part}`], answer.text)
    }
    const { id } = await api.post('rules', { name: 'sound', type: 'x', templates: { subject: 'S' } })
    const changed = await api.request('PATCH', `rules/${id}`, { templates: { text: '{% if %}' } })
    assert.deepEqual([changed.status, changed.body.errors[0].path], [400, 'templates.text'])
    assert.deepEqual((await api.get(`rules/${id}`)).templates, { subject: 'S' })
  })

  it('shows what would be sent for a sample event', async () => {
    const shown = await api.post('rules/preview', {
      templates: { subject: 'Ban of {{ ip }}', text: '{{ jail }}' },
      event: { type: 'fail2ban_ban', ip: '192.0.2.6', jail: 'sshd' },
    })
    assert.deepEqual([shown.subject, shown.text], ['Ban of 192.0.2.6', 'sshd'])
    assert.match(shown.html, /<html/)
    const ours = await api.post('rules/preview', { templates: {}, event: { type: 'x', ip: '192.0.2.6' } })
    assert.match(ours.subject, /192\.0\.2\.6/)
    const wrong: readonly [body: object, path: string][] = [
      [{ templates: { text: '{{ ' }, event: { type: 'x' } }, 'templates.text'],
      [{ templates: {}, event: {} }, 'event.type'],
      [{ templates: {}, event: { type: 'x', at: 'soon' } }, 'event.at'],
      [{ templates: {} }, 'event'],
      [{ event: { type: 'x' } }, 'templates'],
      [{ templates: { subject: 5 }, event: { type: 'x' } }, 'templates.subject'],
    ]
    for (const [body, path] of wrong) {
      const answer = await api.request('POST', 'rules/preview', body)
      assert.deepEqual([answer.status, answer.body.errors[0].path], [400, path], JSON.stringify(body))
    }
  })

  it('renders as the older panel did: null is None, ranges, order, formats, what a loop sets', async () => {
    const event = {
      type: 'x',
      country: null,
      expiry: null,
      confidence: 87,
      rssi: -67.4,
      labels: { z: 1, a: 2 },
      hosts: [{ n: 1 }, { n: 2 }, { n: 1 }],
    }
    const rows: readonly [template: string, text: string][] = [
      ['{% if 90 <= confidence < 101 %}C{% elif 80 <= confidence < 90 %}ALTA{% else %}B{% endif %}', 'ALTA'],
      ['{% if country != None %}País: {{ country }}{% else %}País desconocido{% endif %}', 'País desconocido'],
      ['{% if expiry == none %}para siempre{% else %}hasta {{ expiry }}{% endif %}', 'para siempre'],
      ['{{ country is defined }} {{ [country] }} [{{ cause }}] [{{ gone }}]', 'True [None] [] []'],
      ['{% for h in hosts %}{% if h.n > 1 %}{% set x = "re" %}{% endif %}{{ h.n }}{{ x }};{% endfor %}', '1;2re;1;'],
      ["{{ '%s' % confidence }} {{ '{:.1f}'.format(rssi) }} {{ '%+.1f'|format(rssi) }}", '87 -67.4 -67.4'],
      ['{{ labels.get("k", "v") }} {{ labels.get("a", "v") }} {{ labels }}', "v 2 {'z': 1, 'a': 2}"],
    ]
    for (const [text, shown] of rows)
      assert.equal((await api.post('rules/preview', { templates: { text }, event })).text, shown, text)
    const { body } = await api.request('POST', 'rules/preview', { templates: { text: '\n{{ loss < 5 }}' }, event })
    assert.deepEqual(body.errors, [
      {
        path: 'templates.text',
        message: 'the text template, line 2: loss is not there, and < needs a value; give one with |default(…)',
        'x-es': {
          message: 'la plantilla de texto, línea 2: loss no está, y < necesita un valor; déle uno con |default(…)',
        },
      },
    ])
  })

  it('survives templates that mean harm, and goes on rendering', async () => {
    const hostile = [
      '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}',
      '{{ "a" * 1000000000 }}',
      '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
    ]
    for (const text of hostile) {
      const answer = await api.request('POST', 'rules/preview', { templates: { text }, event: { type: 'x' } })
      assert.deepEqual([answer.status, answer.body.errors[0].path], [400, 'templates.text'], text)
    }
    const fine = await api.post('rules/preview', { templates: { text: '{{ 1 + 1 }}' }, event: { type: 'x' } })
    assert.equal(fine.text, '2')
  })

  it('the end of an episode keeps our words', async () => {
    const rule = await api.post('rules', {
      name: 'ending',
      type: 'ending',
      channels: ['hook'],
      notify_recovery: true,
      templates: { subject: 'INTRUSION' },
    })
    await api.event({ type: 'ending' })
    await api.event({ type: 'ending', status: 'resolved' })
    await api.delivered()
    const told = sink.requests.map(({ body }): Json => JSON.parse(body)).filter((one) => one.rule === rule.name)
    assert.deepEqual(
      told.map(({ reason, message }) => [reason, message === 'INTRUSION']),
      [
        ['first', true],
        ['resolved', false],
      ],
    )
  })
})
