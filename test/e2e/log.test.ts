import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { until, writeConfig } from './server-process.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

/** A pipe that is full, and that nobody reads. */
const fullPipe = (path: string): number => {
  execFileSync('mkfifo', [path])
  const filler = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  try {
    for (;;) writeSync(filler, Buffer.alloc(1024))
  } catch {
    // It takes no more.
  }
  return filler
}

describe('a log that takes nothing', { skip: process.platform !== 'linux' && 'pipes and /dev/full of Linux' }, () => {
  let folder: string
  let child: ChildProcess | undefined
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-log-'))
  })
  afterEach(() => {
    child?.kill('SIGKILL')
  })
  after(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  const answers = async (port: number): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(
      () => undefined,
    )
    return answer?.status === 200
  }

  /** Starts a server that logs there, sees that it answers, and that it ends as it should. */
  const serves = async (name: string, stderr: number | 'pipe', hear?: (server: ChildProcess) => void) => {
    const port = await freePort()
    const config = writeConfig(folder, { monitors: [] })
    const args = [BIN, 'serve', '--config', config, '--data', join(folder, name), '--port', String(port)]
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', stderr] })
    child = server
    hear?.(server)
    await until(async () => server.exitCode !== null || server.signalCode !== null || (await answers(port)))
    assert.deepEqual([server.exitCode, server.signalCode], [null, null])
    const ended = new Promise((done) => server.once('exit', (code, signal) => done(code ?? signal)))
    server.kill('SIGTERM')
    assert.equal(await ended, 0)
  }

  it('on a full disk neither keeps a server from starting nor ends it', async (test) => {
    if (!existsSync('/dev/full')) return test.skip('no /dev/full')
    const full = openSync('/dev/full', 'w')
    await serves('full', full)
    closeSync(full)
  })

  it('whose reader stands still does not stop the server', async () => {
    const path = join(folder, 'pipe')
    const filler = fullPipe(path)
    const log = openSync(path, 'w')
    await serves('still', log)
    closeSync(log)
    closeSync(filler)
  })

  it('whose reader has gone does not end the server', async () => {
    await serves('gone', 'pipe', (server) => server.stderr!.once('data', () => server.stderr!.destroy()))
  })

  it('of a command whose reader has gone ends it without a trace', async () => {
    const command = spawn(process.execPath, [BIN, 'check', 'tcp://127.0.0.1:9'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child = command
    command.stdout.destroy()
    let said = ''
    command.stderr.on('data', (text) => {
      said += text
    })
    const code = await new Promise((done) => command.once('close', done))
    assert.deepEqual([code, said], [141, ''])
  })
})
