import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'
import { createTarget, until, writeConfig } from './server-process.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
const TIMEOUT = { timeout: 90_000 }

/** A file system of its own for one process: whoever may not make one skips. */
const unshare = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]
const possible = spawnSync(unshare[0]!, [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

describe('a disk that is full when the server starts', { skip: possible ? false : 'no mounts of our own here' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-full-disk-'))
  let child: ChildProcess | undefined
  after(() => {
    child?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('is no reason not to watch; what was told then is known when there is room again', TIMEOUT, async () => {
    const sink = await createHttpSink()
    const target = await createTarget()
    const file = writeConfig(folder, {
      channels: [{ name: 'hook', type: 'webhook', options: { url: sink.url } }],
      monitors: [
        {
          name: 'web',
          target: `tcp://127.0.0.1:${target.port()}`,
          interval: '1s',
          retry_interval: '1s',
          failures: 2,
          successes: 1,
          recovery_interval: '1s',
          channels: ['hook'],
        },
      ],
    })
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    // Full before the server begins; the file that fills it is seen and removed through the process.
    const script = `mount -t tmpfs -o size=32m tmpfs "${disk}" && { cat /dev/zero > "${disk}/fill"; } 2>/dev/null
      exec "${process.execPath}" "${BIN}" serve --config "${file}" --data "${disk}/data" --port 0`
    child = spawn(unshare[0]!, [...unshare.slice(1), 'sh', '-c', script], { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      log += text
    })
    const said = (text: string) => until(() => log.includes(text) || child!.exitCode !== null)
    await said('is watching')
    assert.match(log, /the disk is full; starting without it/)
    await target.down()
    await until(() => sink.requests.length === 1)
    assert.match(sink.requests[0]!.body, /DOWN web/)

    const inside = `/proc/${child.pid}/root${disk}`
    rmSync(`${inside}/fill`)
    await said('the store is on the disk again')
    assert.ok(readdirSync(`${inside}/data`).includes('vigia.db'))
    await target.up()
    await until(() => sink.requests.length > 1)
    assert.deepEqual(
      sink.requests.map(({ body }) => JSON.parse(body).reason),
      ['first', 'resolved'],
    )
    child.kill('SIGTERM')
    await once(child, 'exit')
    await target.down()
    await sink.close()
  })
})
