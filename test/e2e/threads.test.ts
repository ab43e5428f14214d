import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  addressOf,
  bearer,
  createTarget,
  endAll,
  type ServerProcess,
  startServe,
  until,
  writeConfig,
} from './server-process.ts'

const DEADLY = pathToFileURL(join(import.meta.dirname, '../fixtures/deadly-threads.mjs')).href
/** Ten looks a second, so ten results are on their way between two threads. */
const ON_THE_WAY = 10

describe('a thread that dies is started again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-threads-'))
  let target: Awaited<ReturnType<typeof createTarget>>
  let server: ServerProcess
  let url: string
  let headers: { readonly authorization: string }
  const config = (paused: boolean) => ({
    monitors: [{ name: 'port', target: `tcp://127.0.0.1:${target.port()}`, interval: '100ms', paused }],
  })

  before(async () => {
    target = await createTarget()
    server = await startServe(folder, config(false), { DEADLY: folder, NODE_OPTIONS: `--import ${DEADLY}` })
    url = addressOf(server)
    headers = bearer(folder)
  })
  after(async () => {
    await server.end('SIGTERM')
    await target.down()
    endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  const kill = (thread: string) => writeFileSync(join(folder, thread), '')
  const ready = async (): Promise<unknown> => (await fetch(`${url}/readyz`)).json()
  const metric = async (line: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`, { headers })).text()
    return Number(
      text
        .split('\n')
        .find((one) => one.startsWith(`${line} `))
        ?.slice(line.length + 1) ?? 0,
    )
  }
  const looked = () => metric('vigia_probe_results_total{type="tcp",code="ok"}')
  const kept = async (): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/monitors/1/results`, { headers })
    return answer.ok ? ((await answer.json()) as { items: unknown[] }).items.length : 0
  }

  it('the history: results are kept again, and it is told', async () => {
    await until(async () => (await kept()) > 2 * ON_THE_WAY)
    kill('history')
    await server.said('the history stopped (killed on purpose)')
    await server.said('results are kept again')
    assert.deepEqual(await ready(), { status: 'ready' })
    assert.equal(await metric('vigia_thread_restarts_total{thread="history"}'), 1)
    const before = await kept()
    await until(async () => (await kept()) > before + 2 * ON_THE_WAY)
    assert.equal(server.log().includes('the probe engine stopped'), false)
  })

  it('the engine: its results are kept as before', async () => {
    kill('engine')
    await server.said('the probe engine stopped; starting it again')
    const before = await kept()
    await until(async () => (await kept()) > before + 2 * ON_THE_WAY)
    assert.equal(await metric('vigia_thread_restarts_total{thread="engine"}'), 1)
    assert.equal(await metric('vigia_monitor_up{monitor="port",type="tcp"}'), 1)
  })

  it('every result is there that was not on its way', async () => {
    const from = server.log().length
    writeConfig(folder, config(true))
    server.child.kill('SIGHUP')
    await server.said('configuration taken over', from)
    let last = -1
    await until(async () => {
      const before = last
      last = await kept()
      return last === before && last >= (await looked()) - 2 * ON_THE_WAY
    })
  })
})
