import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import type { BanClient } from '#core/ban/ban-client.ts'
import { because } from '#core/cause/cause.ts'
import { inEnglish } from '#templates/said.ts'
import { answerHelper, helperLine } from './helper-answer.ts'
import { createHelperClient } from './helper-client.ts'

const asked: string[] = []
const fail2ban: BanClient = {
  jails: async () => ({ ok: true, value: ['sshd'] }),
  status: async (name) => ({ ok: false, fault: 'no_such_jail', why: because('as_said', { words: `no ${name}` }) }),
  banned: async (jail) => ({ ok: true, value: [{ jail, ip: '203.0.113.7', since: 1000, expiresAt: null }] }),
  bantime: async () => ({ ok: true, value: -1 }),
  ban: async (jail, ip) => {
    asked.push(`ban ${jail} ${ip}`)
    return { ok: true, value: 1 }
  },
  unban: async (jail, ip) => {
    asked.push(`unban ${jail} ${ip}`)
    return { ok: true, value: 0 }
  },
}

describe('a helper for bans', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-helper-'))
  const path = join(folder, 'bans.sock')
  const answer = (socket: Socket) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('end', async () => socket.end(`${helperLine(await answerHelper(text.trim(), fail2ban))}\n`))
  }
  const server = createServer({ allowHalfOpen: true }, answer)
  before(() => once(server.listen(path), 'listening'))
  after(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is asked as fail2ban itself is', async () => {
    const client = createHelperClient({ path })
    assert.deepEqual(await client.jails(), { ok: true, value: ['sshd'] })
    assert.deepEqual(await client.banned('sshd'), {
      ok: true,
      value: [{ jail: 'sshd', ip: '203.0.113.7', since: 1000, expiresAt: null }],
    })
    assert.deepEqual(await client.bantime('sshd'), { ok: true, value: -1 })
    assert.deepEqual(await client.status('x'), {
      ok: false,
      fault: 'no_such_jail',
      why: because('as_said', { words: 'no x' }),
    })
    assert.deepEqual(await client.ban('sshd', '2001:DB8::1'), { ok: true, value: 1 })
    assert.deepEqual(await client.unban('sshd', '203.0.113.7'), { ok: true, value: 0 })
    assert.deepEqual(asked.splice(0), ['ban sshd 2001:db8::1', 'unban sshd 203.0.113.7'])
  })

  it('looks again at what is to be banned or lifted', async () => {
    const client = createHelperClient({ path })
    for (const ip of ['127.0.0.1', '0.0.0.0/0', '::', 'all', '', '--help'])
      for (const change of [client.ban, client.unban].slice(0, /^(127|::$)/.test(ip) ? 1 : 2)) {
        const refused = await change('sshd', ip)
        assert.equal(!refused.ok && refused.fault, 'refused', ip)
      }
    assert.deepEqual(asked, [])
  })

  it('does nothing for what is no question', async () => {
    const question = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ verb: fc.string(), jail: fc.anything() }).map((one) => JSON.stringify(one) ?? ''),
    )
    await fc.assert(
      fc.asyncProperty(question, async (line) => {
        assert.equal((await answerHelper(line, fail2ban)).ok, false)
        assert.deepEqual(asked, [])
      }),
      { numRuns: 200 },
    )
    assert.equal(
      (await answerHelper(JSON.stringify({ verb: 'ban', jail: 'x'.repeat(2000), ip: '203.0.113.7' }), fail2ban)).ok,
      false,
    )
  })

  it('that is not there, or says nothing, is told as that', async () => {
    const none = await createHelperClient({ path: join(folder, 'none.sock') }).jails()
    assert.match(!none.ok ? `${none.fault} ${inEnglish(none.why)}` : '', /^absent .*vigia service install --bans/)
    const silent = createServer({ allowHalfOpen: true }).listen(join(folder, 'silent.sock'))
    await once(silent, 'listening')
    chmodSync(join(folder, 'silent.sock'), 0o600)
    const late = await createHelperClient({ path: join(folder, 'silent.sock'), timeoutMs: 50 }).jails()
    assert.equal(!late.ok && late.fault, 'timeout')
    silent.close()
  })
})
