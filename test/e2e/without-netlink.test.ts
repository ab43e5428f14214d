import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
const FENCE = resolve(import.meta.dirname, '../fixtures/without-netlink.py')
const fenced = (...args: readonly string[]) => ['python3', FENCE, ...args] as const

const works = spawnSync('python3', [FENCE, 'true']).status === 0
const skip =
  process.platform !== 'linux'
    ? 'reads the sockets of Linux'
    : !works && 'needs python3 and a kernel that lets a process fence itself (seccomp)'

describe('where netlink is refused', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-fenced-'))
  const watched = createServer((socket) => socket.on('error', () => {}))
  const running: ChildProcess[] = []
  let port: number
  before(async () => {
    await once(watched.listen(0, '127.0.0.1'), 'listening')
    port = (watched.address() as AddressInfo).port
  })
  after(() => {
    for (const child of running) child.kill('SIGKILL')
    watched.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const freePort = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port: free } = server.address() as AddressInfo
    await new Promise((done) => server.close(done))
    return free
  }

  /** Starts a command without netlink; the metrics of its ports once it says that it is there. */
  const portMetrics = async (words: RegExp, ...args: readonly string[]): Promise<string> => {
    const exporter = await freePort()
    const env = {
      ...process.env,
      PUERTOS_A_MONITOREAR: String(port),
      PROMETHEUS_PORT: String(exporter),
      HOST: '127.0.0.1',
    }
    const [command, ...rest] = fenced(process.execPath, BIN, ...args)
    const child = spawn(command, rest, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
    running.push(child)
    let said = ''
    for await (const part of child.stderr!) {
      said += part
      if (words.test(said)) return (await fetch(`http://127.0.0.1:${exporter}`)).text()
    }
    throw new Error(`it ended:\n${said}`)
  }

  for (const [words, ...args] of [
    [/counting 1 ports/, 'exporter'],
    [/is watching/, 'serve', '--port', '0'],
  ] as const)
    it(`${args[0]} reads /proc instead, which tells no limit of a queue`, async () => {
      const text = await portMetrics(words, ...args)
      assert.match(text, new RegExp(`^vigia_tcp_connections\\{port="${port}",state="LISTEN",family="ipv4"\\} 1$`, 'm'))
      assert.match(text, /^vigia_tcp_sample_success 1$/m)
      assert.doesNotMatch(text, /vigia_tcp_accept_queue_limit/)
    })
})
