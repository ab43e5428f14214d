import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { probeTypes } from '#probes/index.ts'
import { keepSecrets, maskProblem } from './kept-secrets.ts'

const change = (type: string, stored: object, sent: object): string => {
  const { options } = (channelTypes.get(type) ?? probeTypes.get(type))!
  const kept = keepSecrets(options, sent as never, stored as never)
  return kept.ok ? JSON.stringify(kept.value) : kept.problem.path
}

describe('kept secrets', () => {
  const site = { url: 'https://shop.example/a', headers: { authorization: 'Bearer s' } }
  const masked = { authorization: '***' }
  const mail = { to: 'a@b.example', smtp: { host: 'mail.example', user: 'u', password: 's' } }
  const post = (smtp: object) => ({ ...mail, smtp: { ...mail.smtp, password: '***', ...smtp } })

  it('stay with their server and with what protects the way there, in every type', () => {
    const refused: readonly [type: string, stored: object, sent: object, path: string][] = [
      ['http', site, { url: 'http://shop.example/a', headers: masked }, 'options.url'],
      ['http', site, { url: 'https://shop.example:8443/a', headers: masked }, 'options.url'],
      ['http', site, { url: 'https://other.example/a', headers: masked }, 'options.url'],
      ['http', { ...site, body: 's' }, { url: 'https://other.example', body: '***' }, 'options.url'],
      ['http', site, { ...site, headers: masked, verify: false }, 'options.verify'],
      ['http', site, { headers: masked }, 'options.url'],
      ['http', site, { ...site, headers: { ...masked, Host: 'other.example' } }, 'options.headers.Host'],
      ['webhook', site, { url: 'http://shop.example/a', headers: masked }, 'options.url'],
      ['webhook', { ...site, secret: 's' }, { url: 'https://other.example/a', secret: '***' }, 'options.url'],
      ['email', mail, post({ host: 'other.example' }), 'options.smtp.host'],
      ['email', mail, post({ port: 2525 }), 'options.smtp.port'],
      ['email', mail, post({ security: 'none' }), 'options.smtp.security'],
      ['email', { ...mail, smtp: { ...mail.smtp, security: 'tls' } }, post({}), 'options.smtp.security'],
      ['email', mail, post({ ca: 'another' }), 'options.smtp.ca'],
      [
        'telegram',
        { bot_token: 's', chat_id: 1 },
        { bot_token: '***', chat_id: 1, api_url: 'https://x.example' },
        'options.api_url',
      ],
      [
        'slack',
        { bot_token: 's', channel: 'c' },
        { bot_token: '***', channel: 'c', api_url: 'https://x.example' },
        'options.api_url',
      ],
    ]
    for (const [type, stored, sent, path] of refused)
      assert.equal(change(type, stored, sent), path, `${type} ${JSON.stringify(sent)}`)
  })

  it('stay with what changes otherwise, and where the protection grows', () => {
    const path = { ...site, url: 'https://shop.example/b', method: 'POST' }
    assert.equal(change('http', site, { ...path, headers: masked }), JSON.stringify(path))
    const surer = { ...site, verify: true }
    assert.equal(change('http', { ...site, verify: false }, { ...surer, headers: masked }), JSON.stringify(surer))
    const tls = { ...mail, smtp: { ...mail.smtp, security: 'starttls' } }
    assert.equal(change('email', mail, post({ security: 'starttls' })), JSON.stringify(tls))
    const moved = { url: 'http://other.example/', headers: { authorization: 'Bearer new' } }
    assert.equal(change('http', site, moved), JSON.stringify(moved), 'what is written out is no longer kept')
  })

  it('are asked for where a mask has nothing to stand for', () => {
    const { options } = probeTypes.get('http')!
    const problem = maskProblem(options, { url: 'https://x.example', headers: masked })
    assert.deepEqual(problem?.ok === false && problem.problem.path, 'options.headers.authorization')
    assert.equal(maskProblem(options, site), undefined)
  })
})
