import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { createSmtpSink } from '../fixtures/servers/smtp-sink.ts'
import { createTarget, endAll, startServe, until } from './server-process.ts'

const A = 'a@isp.example'
const B = 'b@isp.example'

describe('a mail to several', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-recipients-'))
  after(() => {
    endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is tried again for the one that was deferred alone, in its order, over a kill of the server', {
    timeout: 60_000,
  }, async (t) => {
    const refuse: Record<string, string> = { [B]: '450 4.2.0 Greylisted' }
    const sink = await createSmtpSink({ refuse, security: 'none' })
    const target = await createTarget()
    t.after(async () => {
      await sink.close()
      await target.down()
    })
    const config = {
      defaults: { interval: '200ms', timeout: '150ms', failures: 1, successes: 1, flapping: false, channels: ['mail'] },
      channels: [
        {
          name: 'mail',
          type: 'email',
          options: { to: [A, B], from: 'vigia@isp.example', smtp: { host: sink.host, port: sink.port } },
        },
      ],
      monitors: [{ name: 'link', type: 'tcp', options: { host: '127.0.0.1', port: target.port() } }],
    }
    const told = (address: string) =>
      sink.mails
        .filter(({ to }) => to.includes(address))
        .map(({ raw }) => /^(\w+)/.exec(parseMail(raw).headers.subject![0]!)![1])
    let server = await startServe(folder, config)
    await until(() => server.log().includes('"to":"up"'))
    await target.down()
    await until(() => told(A).length === 1)
    const refusals = () => sink.lines.filter(({ line }) => line.startsWith(`RCPT TO:<${B}>`)).length
    await until(() => refusals() >= 2)
    await server.end('SIGKILL')
    server = await startServe(folder, config)
    const before = refusals()
    await until(() => refusals() > before)
    // What b still waits for holds up nothing of a.
    await target.up()
    await until(() => told(A).length === 2)
    assert.deepEqual([told(A), told(B)], [['DOWN', 'RECOVERED'], []])
    delete refuse[B]
    await until(() => told(B).length === 2)
    assert.deepEqual(
      [told(A), told(B)],
      [
        ['DOWN', 'RECOVERED'],
        ['DOWN', 'RECOVERED'],
      ],
    )
    await server.end('SIGTERM')
  })
})
