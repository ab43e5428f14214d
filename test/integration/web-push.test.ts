import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { decryptPush } from '../fixtures/decrypt-push.ts'
import { fileChannel, type Json, startTestServer, type TestServer } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { vapidClaims } from '../fixtures/vapid-claims.ts'

describe('notifications of a browser', () => {
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const auth = randomBytes(16)
  const keys = { p256dh: browser.getPublicKey().toString('base64url'), auth: auth.toString('base64url') }
  let status = 201
  let service: HttpSink
  let api: TestServer
  before(async () => {
    service = await createHttpSink({ answer: () => ({ status }) })
    const options = { endpoint: `${service.url}/send/very-secret-path`, ...keys }
    api = await startTestServer({
      wanted: { channels: [fileChannel('laura', '', { type: 'web_push', options, language: 'es' })], monitors: [] },
    })
    await api.post('rules', { name: 'trouble', type: 'trouble', channels: ['laura'] })
  })
  after(async () => {
    await api.stop()
    await service.close()
  })

  it('reach the browser that subscribed, which alone can read them, and say who sends', async () => {
    await api.event({ type: 'trouble', subject: 'POP-7', severity: 'CRITICAL' })
    await api.delivered()
    const [{ bytes, headers }] = service.requests as [(typeof service.requests)[number]]
    assert.ok(!bytes.includes('POP-7'))
    const read = JSON.parse(String(decryptPush(bytes, browser.getPrivateKey(), auth)))
    const [alert] = (await api.get('alerts')).items
    assert.match(read.title, /^CRÍTICA .*POP-7/)
    assert.deepEqual([read.url, read.tag], [`https://vigia.example/alerts/${alert.id}`, `alert-${alert.id}`])
    const { authorization = '', 'content-encoding': coding, urgency, ttl } = headers
    assert.deepEqual([coding, urgency, ttl], ['aes128gcm', 'high', '86400'])
    assert.deepEqual(vapidClaims(authorization)?.aud, service.url)
    assert.deepEqual(vapidClaims(authorization)?.sub, 'https://vigia.example')
    assert.ok(authorization.endsWith(`k=${(await api.get('web-push/key')).key}`), 'the key that it subscribed with')
    assert.ok(!api.log().includes('very-secret-path') && !api.answered().includes('very-secret-path'))
  })

  it('end with the subscription, and say what helps', async () => {
    status = 410
    await api.event({ type: 'trouble', subject: 'POP-8' })
    await api.delivered()
    const alert = (await api.get('alerts')).items.find(({ subject }: Json) => subject === 'POP-8')
    const [{ status: became, cause_code: code }] = (await api.get(`alerts/${alert.id}`)).notifications
    assert.deepEqual([became, code], ['failed', 'push_gone'])
  })

  it('go to no address that a channel may not send to, and to no key that is none', async () => {
    const made = (options: object) => api.request('POST', 'channels', { name: 'own', type: 'web_push', options })
    const inside = await made({ endpoint: 'http://169.254.169.254/latest', ...keys })
    assert.deepEqual([inside.status, inside.body.errors[0].fault.code], [400, 'forbidden_address'])
    const noKey = await made({ endpoint: 'https://push.example/x', p256dh: 'A'.repeat(87), auth: keys.auth })
    assert.equal(noKey.status, 400)
    const kept = await made({ endpoint: 'https://push.example/another-secret', ...keys })
    assert.equal(kept.status, 201, kept.text)
    assert.equal(kept.body.options.endpoint, '***')
    assert.ok(!kept.text.includes('another-secret'))
  })
})
