import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inEnglish } from '#templates/said.ts'
import { type EmailOptions, isFault, mailSettings } from './mail-settings.ts'

/** What is wrong with settings, in English. */
const said = (found: ReturnType<typeof mailSettings>): string => (isFault(found) ? inEnglish(found) : 'nothing')

const settings = (options: EmailOptions, environment: Record<string, string> = {}) => {
  const found = mailSettings(options, environment)
  assert.ok(!isFault(found), said(found))
  return found
}
const environment = {
  SMTP_SERVER: 'mail.isp.example',
  SMTP_PORT: '2525',
  SMTP_USER: 'noc@isp.example',
  SMTP_PASSWORD: 'secret',
  ALERT_EMAIL_TO: 'a@isp.example, b@isp.example',
}

describe('mail settings', () => {
  it('come from the environment alone', () => {
    const { to, from, host, port, user, password, security } = settings({}, environment)
    assert.deepEqual(to, ['a@isp.example', 'b@isp.example'])
    assert.deepEqual([host, port, user, password], ['mail.isp.example', 2525, 'noc@isp.example', 'secret'])
    assert.deepEqual([from.address, security], ['noc@isp.example', 'auto'])
    assert.equal(settings({}, { ...environment, SMTP_FROM: 'Vigía <v@isp.example>' }).from.name, 'Vigía')
  })

  it('prefer what the channel says', () => {
    const options = { to: 'c@isp.example', from: 'v@isp.example', smtp: { host: 'other.example', port: 25 } }
    const { to, from, host, port } = settings(options, environment)
    assert.deepEqual([to, from.address, host, port], [['c@isp.example'], 'v@isp.example', 'other.example', 25])
  })

  it("never give the environment's login to another server or another user", () => {
    const other = settings({ smtp: { host: 'other.example' } }, environment)
    assert.deepEqual([other.user, other.password, other.port], ['', '', 587])
    assert.match(
      said(mailSettings({ smtp: { host: 'other.example', user: 'noc@isp.example' } }, environment)),
      /password/,
    )
    assert.match(said(mailSettings({ smtp: { user: 'else' } }, environment)), /password/)
    assert.equal(settings({ smtp: { host: 'MAIL.isp.example' } }, environment).password, 'secret')
  })

  it('complete a channel that names its server only', () => {
    const { password } = settings({ to: 'a@b.example', smtp: { host: 'h', user: 'u' } }, { SMTP_PASSWORD: 'p' })
    assert.equal(password, 'p')
    const login = { SMTP_USER: 'u', SMTP_PASSWORD: 'p' }
    assert.equal(settings({ to: 'a@b.example', smtp: { host: 'h' } }, login).user, 'u')
    const stranger = mailSettings({ to: 'a@b.example', smtp: { host: 'h' } }, login, false)
    assert.deepEqual(!isFault(stranger) && [stranger.user, stranger.password], ['', ''])
  })

  it("keep the environment's login where a channel that no file names goes another way to its server", () => {
    const by = (smtp: object) => mailSettings({ to: 'a@b.example', smtp }, environment, false)
    assert.match(said(by({ port: 2526 })), /password/)
    assert.match(said(by({ security: 'none' })), /password/)
    const same = by({ security: 'starttls' })
    assert.equal(!isFault(same) && same.password, 'secret')
  })

  it('know the port of implicit TLS, and the older default server', () => {
    const login = { to: 'a@b.example' }
    assert.equal(settings({ ...login, smtp: { host: 'h', security: 'tls' } }).port, 465)
    const gmail = settings(login, { SMTP_USER: 'me@gmail.com', SMTP_PASSWORD: 'p' })
    assert.deepEqual([gmail.host, gmail.port], ['smtp.gmail.com', 587])
  })

  it('say what is missing or wrong, and the way out', () => {
    const smtp = { host: 'h' }
    const wrong: [EmailOptions, RegExp][] = [
      [{ smtp }, /ALERT_EMAIL_TO/],
      [{ to: 'a@b.example' }, /SMTP_SERVER/],
      [{ to: 'nobody', smtp }, /"nobody" is not an address/],
      [{ to: 'a@b.example\r\nBcc: c@d.example', smtp }, /is not an address/],
      [{ to: ['a@b.example> <c@d.example'], smtp }, /is not an address/],
      [{ to: 'a@b.example', smtp: { host: 'h', ca: 'no certificate' } }, /^smtp\.ca/],
      [{ to: 'a@b.example', from: 'V <a@b>\r\nBcc: x@y.example', smtp }, /^from:/],
    ]
    for (const [options, message] of wrong) assert.match(said(mailSettings(options, {})), message)
    assert.match(said(mailSettings({}, { ...environment, SMTP_PORT: 'many' })), /^smtp\.port/)
  })
})
