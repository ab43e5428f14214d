import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runProgram } from './run-program.ts'

describe('running a program', () => {
  it('gives what it printed, and how it ended', async () => {
    const { failure, stdout, stderr } = await runProgram('sh', ['-c', 'echo out; echo err >&2; exit 3'], {})
    assert.deepEqual([failure?.code, stdout, stderr], [3, 'out\n', 'err\n'])
    assert.equal((await runProgram('true', [], {})).failure, null)
  })

  it('never throws what the system says of starting it', async () => {
    assert.equal((await runProgram('/no/such/program', [], {})).failure?.code, 'ENOENT')
    // Longer than any system takes: Node throws this one.
    assert.equal((await runProgram('true', ['x'.repeat(8 * 1024 * 1024)], {})).failure?.code, 'E2BIG')
  })
})
