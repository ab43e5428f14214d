import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { checkFile } from './check-file.ts'

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
