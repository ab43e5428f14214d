import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const vigia = join(import.meta.dirname, '../../bin/vigia.mjs')

it('a demonstration in a language that is not known ends at once and names those that are', async () => {
  const failed = await run(process.execPath, [vigia, 'demo', '--language', 'fr'], { timeout: 60_000 }).catch((e) => e)
  assert.equal(failed.killed, false)
  assert.match(failed.stderr, /'fr' is invalid.*en, es/)
})
