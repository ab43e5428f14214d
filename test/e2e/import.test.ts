import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, it } from 'node:test'
import { promisify } from 'node:util'
import { createSmtpSink } from '../fixtures/servers/smtp-sink.ts'
import { endAll, startVigia } from './server-process.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')

after(endAll)

it('who was down in the older tool and recovers here is told once, as recovered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-import-'))
  const sink = await createSmtpSink({ security: 'none' })
  try {
    const files = {
      'verificar_red.sh': 'declare -A SERVIDORES=( ["NODO1"]="127.0.0.1" )\nping -c 5 -W 1 "$IP"\nsleep 1\n',
      'send_mail.py': `servidor = '127.0.0.1'\nsmtplib.SMTP(servidor, ${sink.port})\ndestinatarios = ['noc@isp.example']\n`,
      'server_status.txt': 'NODO1 NO_RESPONDE\n',
      'logs.txt': '01/11/26 08:00:10 NODO1 127.0.0.1 no responde\n',
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const data = join(folder, 'data')
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [BIN, 'import', folder, '--data', data, ...args], {
        encoding: 'utf8',
        cwd: folder,
      })
    assert.match(run(), /NODO1 {2}since 2026-11-01T.*\n.*To create 2, to change 0/s)
    assert.match(run('--apply', '--as-file', 'vigia.yaml'), /Created 2, changed 0/)
    assert.match(run('--apply'), /Created 0, changed 0, already there 2/)

    const server = startVigia(folder, ['serve', '--config', 'vigia.yaml', '--data', data, '--port', '0'])
    await server.said('is watching')
    await sink.received(1)
    await server.end('SIGTERM')
    assert.equal(sink.mails.length, 1)
    const { raw } = sink.mails[0]!
    assert.match(raw, /^Subject: .*NODO1/m)
    assert.match(raw, /RECUPERADO/)
  } finally {
    await sink.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

it('a server that runs brings in what the command gives it, and what was down there and recovers is told once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-import-'))
  const sink = await createSmtpSink({ security: 'none' })
  try {
    const older = join(folder, 'older')
    mkdirSync(older)
    const files = {
      'verificar_red.sh': 'declare -A SERVIDORES=( ["NODO1"]="127.0.0.1" )\nping -c 5 -W 1 "$IP"\nsleep 1\n',
      'send_mail.py': `servidor = '127.0.0.1'\nsmtplib.SMTP(servidor, ${sink.port})\ndestinatarios = ['noc@isp.example']\n`,
      'server_status.txt': 'NODO1 NO_RESPONDE\n',
      'logs.txt': '01/11/26 08:00:10 NODO1 127.0.0.1 no responde\n',
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(older, name), text)
    const data = join(folder, 'data')
    const server = startVigia(folder, ['serve', '--data', data, '--port', '0'])
    await server.said('is watching')
    const run = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'import', older, '--data', data, ...args])
      return stdout
    }
    const token = execFileSync(process.execPath, [BIN, 'token', 'create', '--role', 'administrator', '--data', data], {
      encoding: 'utf8',
    }).trim()
    const url = readFileSync(join(data, 'vigia.address'), 'utf8').trim()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ allowed_channel_targets: ['loopback'] })
    assert.equal((await fetch(`${url}/api/v1/settings`, { method: 'PATCH', headers, body })).status, 200)
    assert.match(await run('--apply'), /NODO1 {2}since 2026-11-01T.*\n.*Created 2, changed 0/s)
    await sink.received(1)
    assert.match(await run('--apply'), /Created 0, changed 0, already there 2/)
    await server.end('SIGTERM')
    assert.equal(sink.mails.length, 1)
    assert.match(sink.mails[0]!.raw, /^Subject: .*NODO1/m)
    assert.match(sink.mails[0]!.raw, /RECOVERED|RECUPERADO/)
    assert.ok(!existsSync(join(data, 'vigia.address')))
  } finally {
    await sink.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
