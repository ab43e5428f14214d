import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { startTestServer, until } from '../fixtures/server.ts'

const DOCUMENT = resolve(import.meta.dirname, '../../docs/api.md')
const DOCUMENTED_ADDRESS = '127.0.0.1:5000'
/** A line after which somebody who types has waited: the first look at the monitor. */
const WAITED_BEFORE = /summary/

const missing = (['sh', 'curl'] as const).filter((program) => spawnSync(program, ['-c', ':']).error !== undefined)
const skip = missing.length > 0 && `${missing.join(' and ')} is not here`

/** What stands between the fences of shell, without the calls of our own command. */
const sessions = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(([, lines]) => lines!)

describe('the sessions of docs/api.md', { skip }, () => {
  it('work as they are written', async (context) => {
    assert.equal(sessions.length, 2)
    const api = await startTestServer()
    context.after(api.stop)
    // Each answer is followed by its status, whatever the page's helper says.
    writeFileSync(join(api.folder, '.curlrc'), 'write-out = "\\nstatus %{http_code}\\n"\n')
    const env = { PATH: process.env.PATH, CURL_HOME: api.folder, HOME: api.folder, TOKEN: api.tokens.operator }
    const run = async (script: string) => {
      const own = script.replaceAll(DOCUMENTED_ADDRESS, new URL(api.url).host)
      const { stdout } = await promisify(execFile)('sh', ['-ec', own], { env, cwd: api.folder, encoding: 'utf8' })
      return stdout
    }
    const [first, second] = sessions.map((text) => text.replace(/^TOKEN=.*$/m, '')) as [string, string]
    assert.match(await run(first), /"role":"operator"\}\nstatus 200/)

    const lines = second.split('\n')
    const before = lines.findIndex((line) => WAITED_BEFORE.test(line))
    const told = await run(lines.slice(0, before).join('\n'))
    await until(async () => (await api.get('monitors')).items[0]?.state !== 'unknown', 'a first look')
    const helper = lines.filter((line) => /^(api\(\)|base=)/.test(line))
    const rest = await run([...helper, ...lines.slice(before)].join('\n'))
    const statuses = [...`${told}${rest}`.matchAll(/^status (\d+)$/gm)].map(([, status]) => Number(status))
    assert.deepEqual(statuses, [201, 200, 200, 201, 202, 200, 200, 200, 204], `${told}${rest}`)
    for (const said of ['"acknowledged"', '"resolved"', '"resolved_by":"hand"'])
      assert.ok(rest.includes(said), `${said} in ${rest}`)
  })
})
