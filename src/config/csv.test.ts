import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readCsv } from './csv.ts'

const rowsOf = (text: string) => {
  const table = readCsv(text)
  assert.ok(table.ok)
  return table.rows.map(({ line, values }) => [line, ...Object.values(values)])
}

describe('a table', () => {
  it('may hold remarks between its rows, and # within a cell', () => {
    const text = '# our places\n\nhost;place\n  # the north\n192.0.2.1;House #3\n192.0.2.2;"#4"\n'
    assert.deepEqual(rowsOf(text), [
      [5, '192.0.2.1', 'House #3'],
      [6, '192.0.2.2', '#4'],
    ])
  })

  it('of one column is a list, whose lines may end in a remark', () => {
    const text = 'host # what we ping\n192.0.2.1   # link 1, north\n# 192.0.2.2\n192.0.2.3\t#x\nweb#1\n"a #b"\n#'
    assert.deepEqual(rowsOf(text), [
      [2, '192.0.2.1'],
      [4, '192.0.2.3'],
      [5, 'web#1'],
      [6, 'a #b'],
    ])
  })

  it('is read to its end, whatever stands in it', () => {
    const pieces = fc.constantFrom('#', ' ', '\n', ',', ';', '"', 'a', '\r')
    fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => void readCsv(parts.join(''))))
  })
})
