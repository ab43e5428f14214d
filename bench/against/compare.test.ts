import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Row } from '../row.ts'
import { BOUND, compare, runsFor } from './compare.ts'

const row = (ours: number | null, target = '<= 9 ms', name = 'a.b'): Row => ({
  name,
  what: `measured ${ours}`,
  unit: 'ms',
  ours,
  peer: null,
  peer_name: null,
  ratio: null,
  target,
  holds: null,
})
const runs = (values: readonly (number | null)[], target?: string) => values.map((value) => [row(value, target)])
const verdict = (ours: readonly number[], theirs: readonly number[], target?: string) =>
  compare(runs(ours, target), runs(theirs, target))[0]!.verdict

describe('two sides of a benchmark', () => {
  it('are measured as often as the time allows', () => {
    assert.deepEqual([1, 59, 60, 299, 300].map(runsFor), [5, 5, 3, 3, 1])
  })

  it('are judged by their medians, and by how far their own runs lie apart', () => {
    const theirs = [90, 100, 101, 102, 130]
    assert.equal(verdict([105, 106, 107], theirs), 'within')
    assert.equal(verdict([80, 110, 140], theirs), 'inside')
    assert.equal(verdict([131, 132, 133], theirs), 'WORSE')
    assert.equal(verdict([80, 81, 82], theirs), 'better')
  })

  it('know whether more is better from the target', () => {
    assert.equal(verdict([80], [100], '>= 5 /s'), 'WORSE')
    assert.equal(verdict([120], [100], '>= 5 /s'), 'better')
    assert.equal(compare([[{ ...row(1, '-'), unit: '/CPU s' }]], [])[0]!.better, 'higher')
  })

  it('meet row by row where a name has several, whatever their words say', () => {
    const of = (...values: number[]) => [[row(values[0]!), row(values[1]!, '>= 1 ms'), row(7, '-', 'other')]]
    const found = compare(of(1, 10), of(2, 20))
    assert.deepEqual(
      found.map(({ name, part, ratio }) => [name, part, ratio]),
      [
        ['a.b', 0, 0.5],
        ['a.b', 1, 0.5],
        ['other', 0, 1],
      ],
    )
  })

  it('stand alone where the other has no such row, or could not measure it', () => {
    const [first, second] = compare([[row(1), row(null)]], [[row(null)], [row(null)]])
    assert.deepEqual([first!.ours?.median, first!.theirs, first!.ratio, first!.verdict], [1, null, null, null])
    assert.deepEqual([second!.ours, second!.theirs, second!.verdict], [null, null, null])
  })

  it('are never worse than themselves, and one of them is worse wherever the two lie apart', () => {
    const figures = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(figures, fc.constantFrom('<= 9 ms', '>= 9 /s'), (values, target) => {
        const apart = values.map((value) => value * BOUND ** 600)
        const found = [verdict(values, apart, target), verdict(apart, values, target)].toSorted()
        return verdict(values, values, target) === 'within' && found.join() === 'WORSE,better'
      }),
    )
  })
})

describe('what cannot be compared', () => {
  const bench = (...args: readonly string[]) =>
    spawnSync(process.execPath, [resolve(import.meta.dirname, '../run.ts'), ...args], { encoding: 'utf8' })
  const noGit = spawnSync('git', ['rev-parse', '--git-dir'], { cwd: import.meta.dirname }).status !== 0

  it('is told: no such commit', { skip: noGit && 'needs a git checkout' }, () => {
    const { status, stderr } = bench('--against', 'no-such-commit', '--only', 'rules')
    assert.equal(status, 2)
    assert.match(stderr, /^bench: there is no commit "no-such-commit" in this checkout; git log names/)
  })

  it('is told: no such row', () => {
    const { status, stderr } = bench('--only', join('no', 'row'))
    assert.equal(status, 2)
    assert.match(stderr, /^bench: no row begins with "no\/row"; there are: .*ingest\.single/)
  })
})
