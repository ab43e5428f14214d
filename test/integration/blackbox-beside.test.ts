import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MakeGroup } from '../../parity/blackbox/case.ts'
import { compareGroup } from '../../parity/blackbox/compare.ts'
import { GROUPS } from '../../parity/blackbox/groups.ts'
import { PROGRAM } from '../../parity/blackbox/peer.ts'
import { lacksPrograms } from '../fixtures/machine.ts'

/** A part of what `npm run blackbox` compares: one of so many looks, so that each key and each answer is among them. */
const EVERY = 7

const some =
  (make: MakeGroup): MakeGroup =>
  async (defer) => {
    const group = await make(defer)
    return { ...group, cases: group.cases.filter((_, index) => index % EVERY === 0) }
  }

describe('beside the real blackbox_exporter', { skip: lacksPrograms(PROGRAM) }, () => {
  for (const [name, make] of Object.entries(GROUPS)) {
    const skip = name === 'icmp' && process.getuid?.() !== 0 && 'the original needs root to ping'
    it(`the same metrics: ${name}`, { skip }, async () => {
      const { successes, differences } = await compareGroup(some(make))
      assert.deepEqual(differences, [])
      assert.ok(successes > 0)
    })
  }
})
