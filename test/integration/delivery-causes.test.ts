import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseMail } from '#cli/demo/mail-parts.ts'
import type { Cause } from '#core/cause/cause.ts'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import { sayCause } from '../../web/src/components/say-cause.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer } from '../fixtures/server.ts'
import { expired } from '../fixtures/servers/certificates.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink, type SmtpSinkOptions } from '../fixtures/servers/smtp-sink.ts'

/** One channel that cannot deliver, and what people read of it in both languages. */
interface Failing {
  readonly channel: ChannelSpec
  readonly code: Cause['code']
  readonly en: string
  readonly es: string
}

const TO = ['ana@isp.example', 'leo@isp.example']

describe('why a delivery failed', () => {
  const closing: (() => Promise<void>)[] = []
  let api: TestServer
  let failing: readonly Failing[]
  let news: SmtpSink

  const mailServer = async (options: SmtpSinkOptions): Promise<SmtpSink> => {
    const sink = await createSmtpSink(options)
    closing.push(sink.close)
    return sink
  }
  const webServer = async (...given: Parameters<typeof createHttpSink>): Promise<HttpSink> => {
    const sink = await createHttpSink(...given)
    closing.push(sink.close)
    return sink
  }
  const mail = (name: string, { host, port }: SmtpSink, smtp: object = {}, changes: Partial<ChannelSpec> = {}) =>
    fileChannel(name, '', {
      type: 'email',
      options: { to: TO, from: 'vigia@isp.example', smtp: { host, port, security: 'none', ...smtp } },
      ...changes,
    })

  const failingMail = async (): Promise<Failing[]> => {
    const nobody = await mailServer({ security: 'none', script: { RCPT: { answer: '550 5.1.1 {x} no $1 here' } } })
    const leoRefused = await mailServer({ security: 'none', refuse: { [TO[1]!]: '550 5.1.1 No such user' } })
    const leoFull = await mailServer({ security: 'none', refuse: { [TO[1]!]: '452 4.2.2 Mailbox full' } })
    const old = await mailServer({ certificate: expired })
    return [
      {
        channel: mail('nobody', nobody),
        code: 'mail_recipients_refused',
        en: 'No recipient was accepted: 550 5.1.1 {x} no $1 here.',
        es: 'No se aceptó ningún destinatario: 550 5.1.1 {x} no $1 here.',
      },
      {
        channel: mail('one refused', leoRefused),
        code: 'recipients_refused',
        en: 'leo@isp.example was refused: 550 5.1.1 No such user',
        es: 'leo@isp.example fue rechazado: 550 5.1.1 No such user',
      },
      {
        channel: mail('one full', leoFull),
        code: 'mail_not_with_all_one_has_it',
        en: "Not with leo@isp.example yet: The recipient's mailbox is full: 452 4.2.2 Mailbox full. ana@isp.example has it.",
        es: 'Todavía sin entregar a leo@isp.example: El buzón del destinatario está lleno: 452 4.2.2 Mailbox full. Ya lo tiene: ana@isp.example.',
      },
      {
        channel: mail('expired', old, { security: 'starttls', ca: expired.cert }),
        code: 'delivery_certificate_expired',
        en: `The certificate of 127.0.0.1:${old.port} has expired.`,
        es: `El certificado de 127.0.0.1:${old.port} está vencido.`,
      },
    ]
  }

  const failingWeb = async (): Promise<Failing[]> => {
    const missing = await webServer({ answer: () => ({ status: 404 }) })
    const moved = await webServer({
      answer: () => ({ status: 302, headers: { location: 'http://elsewhere.example/hidden' } }),
    })
    const portal = await webServer({ answer: () => ({ body: '<html>Please sign in</html>' }) })
    const gone = await createHttpSink()
    await gone.close()
    return [
      {
        channel: fileChannel('missing', missing.url),
        code: 'http_answered',
        en: `127.0.0.1:${missing.port} answered 404 Not Found.`,
        es: `127.0.0.1:${missing.port} respondió 404 Not Found.`,
      },
      {
        channel: fileChannel('moved', moved.url),
        code: 'http_redirected',
        en: `127.0.0.1:${moved.port} answered 302 Found: it redirects to http://elsewhere.example, which is not followed.`,
        es: `127.0.0.1:${moved.port} respondió 302 Found: redirige a http://elsewhere.example, y no se sigue.`,
      },
      {
        channel: fileChannel('portal', '', { type: 'slack', options: { webhook_url: portal.url } }),
        code: 'http_answered_page',
        en: "Status 200, but the answer is a web page, not one of Slack's webhooks.",
        es: 'Estado 200, pero la respuesta es una página web y no la de los webhooks de Slack.',
      },
      {
        channel: fileChannel('nobody listens', gone.url),
        code: 'delivery_connection_refused',
        en: `127.0.0.1:${gone.port} refused the connection.`,
        es: `127.0.0.1:${gone.port} rechazó la conexión.`,
      },
    ]
  }

  before(async () => {
    failing = [...(await failingMail()), ...(await failingWeb())]
    news = await mailServer({ security: 'none' })
    const readers = (['en', 'es'] as const).map((language) =>
      mail(`news in ${language}`, news, {}, { language, options: newsFor(language, news) }),
    )
    const channels = failing.map(({ channel }) => channel)
    api = await startTestServer({
      // The first try is all the patience there is.
      retry: { baseMs: 10, capMs: 20, giveUpAfterMs: 1 },
      wanted: {
        channels: [...channels, ...readers],
        monitors: [fileMonitor('job', { channels: channels.map(({ name }) => name) })],
      },
    })
    await api.post('rules', {
      name: 'failing channels',
      type: 'channel_failed',
      channels: readers.map(({ name }) => name),
      cooldown: '0',
    })
    await api.push('job')
    await api.push('job', true)
    await news.received(2 * failing.length)
  })
  after(async () => {
    await api.stop()
    for (const close of closing) await close()
  })

  const newsFor = (language: string, { host, port }: SmtpSink) => ({
    to: [`${language}@isp.example`],
    from: 'vigia@isp.example',
    smtp: { host, port, security: 'none' },
  })

  it('stands in each attempt as an English sentence, with its code and facts', async () => {
    const { items } = await api.get('notifications?limit=100')
    const { items: channels } = await api.get('channels')
    const { items: spanish } = await api.get('phrases?language=es')
    const sentences = new Map<string, string>(spanish.map(({ code, text }: Json) => [code, text]))
    for (const { channel, code, en, es } of failing) {
      const { id: channelId } = channels.find(({ name }: Json) => name === channel.name)
      const one = items.find((item: Json) => item.channel === channelId)
      assert.deepEqual([one.error, one.cause_code], [en, code])
      const [attempt] = (await api.get(`notifications/${one.id}`)).attempts_made
      assert.deepEqual([attempt.error, attempt.cause_code, attempt.cause_facts], [en, code, one.cause_facts])
      // As a page says it.
      assert.equal(sayCause(sentences, attempt.cause_code, attempt.cause_facts), es)
    }
  })

  it('is an event with the same, and a message in the language of who reads it', async () => {
    const { items: events } = await api.get('events?type=channel_failed&limit=100')
    const mails = news.mails.map(({ to, raw }) => ({ to: to[0], ...parseMail(raw) }))
    for (const { channel, code, en, es } of failing) {
      const event = events.find(({ subject }: Json) => subject === channel.name)
      assert.deepEqual([event.cause, event.cause_code], [en, code])
      for (const [language, title, sentence] of [
        ['en', `channel ${channel.name} fails`, `Cause: ${en}`],
        ['es', `el canal ${channel.name} falla`, `Causa: ${es}`],
      ] as const) {
        const told = mails.find(
          ({ to, headers }) => to === `${language}@isp.example` && String(headers.subject).includes(title),
        )
        assert.ok(told, `${language}: ${channel.name}`)
        assert.ok(
          String(told.text).replace(/\s+/g, ' ').includes(sentence),
          `${sentence} does not stand in ${told.text}`,
        )
      }
    }
  })

  it('is said by a test of a channel, with what helps', async () => {
    const { items: spanish, cures } = await api.get('phrases?language=es')
    const byCode = (phrases: Json[]) => new Map<string, string>(phrases.map(({ code, text }) => [code, text]))
    const test = async (id: number) => {
      const { message, cure, ...made } = await api.post(`channels/${id}/test`)
      const said = sayCause(byCode(spanish), made.cause_code, made.cause_facts)
      return { en: [message, cure], es: [said, sayCause(byCode(cures), made.cure_code, made.cure_facts)] }
    }
    const { items: channels } = await api.get('channels')
    const { en, es } = failing.find(({ channel }) => channel.name === 'missing')!
    assert.deepEqual(await test(channels.find(({ name }: Json) => name === 'missing').id), {
      en: [en, 'Check the address.'],
      es: [es, 'Revisar la dirección.'],
    })
    const own = await api.post('channels', { name: 'own', type: 'webhook', options: { url: 'http://localhost:1/' } })
    const refused = await test(own.id)
    assert.match(
      refused.en[0],
      /^\S+ is this machine itself \(loopback\): an administrator may allow it in the settings/,
    )
    assert.match(refused.es[0]!, /^\S+ es este mismo equipo .*: un administrador puede permitirlo en los ajustes/)
    assert.deepEqual([refused.en[1], refused.es[1]], [undefined, undefined])
  })
})
