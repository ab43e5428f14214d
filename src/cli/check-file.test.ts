import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { checkFile } from './check-file.ts'

it('says of a login in a module who gets it, unless somebody has said so', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-check-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'vigia.yaml')
  writeFileSync(file, 'metrics: { modules: blackbox.yml }\nmonitors: []\n')
  const said: string[] = []
  t.mock.method(console, 'log', (text: string) => void said.push(text))
  const check = async (http: string) => {
    writeFileSync(join(folder, 'blackbox.yml'), `modules:\n  a: { prober: http, http: { bearer_token: t, ${http} } }\n`)
    said.length = 0
    await checkFile(file, false)
    return said.join('\n')
  }
  assert.match(
    await check(''),
    /blackbox\.yml:2:\d+: bearer_token: goes to the host of the target.*location_trusted: \[/,
  )
  for (const meant of ['location_trusted: []', 'location_trusted: ["*.example.net"]', 'follow_redirects: false'])
    assert.doesNotMatch(await check(meant), /blackbox\.yml/, meant)
  assert.match(await check('location_trusted: ["http://a/b"]'), /blackbox\.yml:2:\d+: .*location_trusted/)
})

it('a file is looked through together with the modules of /probe that it names', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-check-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'vigia.yaml')
  writeFileSync(file, 'metrics: { modules: blackbox.yml }\nmonitors: []\n')
  writeFileSync(join(folder, 'blackbox.yml'), 'modules:\n  good: { prober: tcp }\n  late: { prober: grpc }\n')
  const said: string[] = []
  t.mock.method(console, 'log', (text: string) => void said.push(text))
  await checkFile(file, false)
  assert.match(
    said.join('\n'),
    /blackbox\.yml:3:\d+: prober: grpc is not known[^\n]*\n[^\n]*vigia\.yaml holds together/,
  )
})
