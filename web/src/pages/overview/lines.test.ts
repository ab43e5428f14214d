import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Monitor } from '../../api/types.ts'
import { countedState, filterMonitors } from './arrange.ts'
import { foldLines, type Line } from './lines.ts'

const monitor = (id: number, changes: Partial<Monitor> = {}): Monitor =>
  ({ id, name: `m${id}`, target: '', type: 'tcp', labels: {}, state: 'down', paused: false, ...changes }) as Monitor

const plain = (lines: readonly Line[]) =>
  lines.map((line) =>
    line.kind === 'group' ? line.value : [line.monitors[0]!.id, line.fold?.size ?? 0, line.below === true],
  )

describe('the list of monitors', () => {
  const all = [monitor(1), monitor(2), monitor(3, { cut_off_by: [2, 1] }), monitor(4, { cut_off_by: [2] })]

  it('folds what is cut off under what cut it off, and shows it under that when it is opened', () => {
    assert.deepEqual(plain(foldLines(all, new Set())), [
      [1, 0, false],
      [2, 2, false],
    ])
    assert.deepEqual(plain(foldLines(all, new Set([2]))), [
      [1, 0, false],
      [2, 2, false],
      [3, 0, true],
      [4, 0, true],
    ])
  })

  it('leaves what is cut off by nothing in the list where it is: nobody is lost', () => {
    assert.deepEqual(plain(foldLines([all[2]!], new Set())), [[3, 0, false]])
  })

  it('counts and finds by how a monitor stands', () => {
    const marks = new Map([[1, { maintenance: {} as never }]])
    assert.deepEqual(
      all.map((one) => countedState(one, marks)),
      ['maintenance', 'down', 'cut_off', 'cut_off'],
    )
    const found = (state: string) => filterMonitors(all, '', state, marks, new Set()).map(({ id }) => id)
    assert.deepEqual([found('down'), found('cut_off'), found('maintenance')], [[2], [3, 4], [1]])
  })
})
