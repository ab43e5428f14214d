import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { loadConfig } from '#config/load.ts'
import type { Finding } from '#engine/finding.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { createHttpSink, type HttpSink } from '../../../test/fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink } from '../../../test/fixtures/servers/smtp-sink.ts'
import { mailFindings } from './mail-findings.ts'
import { wayFindings } from './way-findings.ts'

const BOT = '123456:ABCdefGhIJKlmNoPQRsTUVwxyZ1234567890'

describe('the way of an alert, walked by a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-doctor-'))
  let mail: SmtpSink
  let web: HttpSink
  before(async () => {
    mail = await createSmtpSink({ login: { user: 'noc@isp.invalid', password: 'right' } })
    web = await createHttpSink({
      answer: ({ path }) => ({
        body: JSON.stringify({ ok: !path.includes('auth.test'), error: 'invalid_auth', result: {} }),
      }),
    })
  })
  after(async () => {
    await Promise.all([mail.close(), web.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  const walk = async (config: object): Promise<readonly Finding[]> => {
    const file = join(folder, 'vigia.yaml')
    writeFileSync(file, JSON.stringify(config))
    const loaded = loadConfig(file, { environment: {}, probeTypes, channelTypes, parseTarget })
    assert.ok(loaded.ok, JSON.stringify(loaded))
    return wayFindings(loaded.config, {}, AbortSignal.timeout(20_000), async () => ({ spf: [], dmarc: [] }))
  }
  const of = (findings: readonly Finding[], check: string) => {
    const { level, found } = findings.find((one) => one.check === check)!
    return `${level}: ${found}`
  }
  const email = (password: string) => {
    const smtp = { host: '127.0.0.1', port: mail.port, user: 'noc@isp.invalid', password, security: 'none' }
    return { type: 'email', options: { to: ['ana@isp.invalid'], from: 'noc@isp.invalid', smtp } }
  }

  it('logs in where a channel does, posts nowhere, and says what is wrong', async () => {
    const findings = await walk({
      channels: [
        { name: 'mail', ...email('right') },
        { name: 'wrong', ...email('wrong') },
        { name: 'telegram', type: 'telegram', options: { bot_token: BOT, chat_id: '-1', api_url: web.url } },
        { name: 'slack', type: 'slack', options: { bot_token: 'xoxb-1', channel: '#noc', api_url: web.url } },
        { name: 'hook', type: 'webhook', options: { url: `${web.url}/hook` } },
        { name: 'nobody', type: 'webhook', options: { url: 'http://127.0.0.1:1/hook' } },
      ],
    })
    assert.match(
      of(findings, 'channel mail'),
      /^ok: ana@isp\.invalid: taken \(connect, greeting, hello, auth\); nothing was sent$/,
    )
    assert.match(of(findings, 'channel wrong'), /^problem: .*535/)
    assert.match(of(findings, 'channel telegram'), /^ok: /)
    assert.match(of(findings, 'channel slack'), /^problem: .*invalid_auth/)
    assert.match(of(findings, 'channel hook'), /^ok: .*answers/)
    assert.match(of(findings, 'channel nobody'), /^problem: .*refused$/)
    assert.deepEqual(mail.mails, [])
    assert.deepEqual(
      web.requests.map(({ path }) => path.replace(BOT, 'TOKEN')),
      ['/botTOKEN/getChat', '/auth.test'],
    )
    assert.ok(!JSON.stringify(findings).includes('ABCdef'))
  })

  it('leads one harmless event of each kind through the rules, and opens the logs that are followed', async () => {
    const log = join(folder, 'fail2ban.log')
    writeFileSync(log, '')
    const findings = await walk({
      channels: [{ name: 'hook', type: 'webhook', options: { url: web.url } }],
      rules: [{ name: 'bans', type: 'fail2ban_ban', channels: ['hook'] }],
      monitors: [{ name: 'a', type: 'tcp', options: { host: '127.0.0.1', port: 1 }, channels: ['hook'] }],
      sources: {
        fail2ban: { log, client: `unix:${join(folder, 'none.sock')}` },
        zeek: { logs: join(folder, 'zeek') },
      },
    })
    assert.equal(of(findings, 'event of fail2ban'), 'ok: rule bans tells hook')
    assert.equal(of(findings, 'event of monitor'), 'ok: each monitor tells its own channels')
    assert.match(of(findings, 'event of Zeek'), /^warning: .*told to nobody$/)
    assert.equal(of(findings, 'log of fail2ban'), `ok: ${log}`)
    assert.match(of(findings, 'bans of fail2ban'), /^warning: .*vigia service install --bans/)
    assert.match(of(findings, 'log of zeek'), /^warning: /)
  })

  it('says that there is no channel', async () => {
    assert.equal(of(await walk({}), 'channels'), 'problem: there is none: nobody is told anything')
  })
})

describe('a sender of mails', () => {
  const levels = (from: string, user: string, spf?: readonly string[], dmarc?: readonly string[]) =>
    mailFindings({ channel: 'noc', from, user }, { spf, dmarc }).map(({ level }) => level)

  it('is judged by its login and by what its domain says', () => {
    const [good, dmarc] = [['v=spf1 mx -all'], ['v=DMARC1; p=none']]
    assert.deepEqual(levels('noc@isp.example', 'noc@isp.example', good, dmarc), ['ok', 'ok', 'ok', 'ok'])
    assert.deepEqual(levels('noc@isp.example', 'ana@mail.example', good, dmarc)[0], 'warning')
    assert.deepEqual(levels('noc@isp.example', '', [], [])?.slice(1, 3), ['warning', 'warning'])
    assert.deepEqual(levels('noc@isp.example', '', [...good, ...good], dmarc)[1], 'problem')
    assert.deepEqual(levels('noc@isp.example', '', ['v=spf1 +all'], dmarc)[1], 'warning')
    assert.deepEqual(levels('noc@isp.example', '', undefined, undefined).slice(1, 3), ['warning', 'warning'])
  })
})
