import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseLabels, parseList } from './parse-list.ts'

const entries = (text: string) => parseList(text).map(({ line, entry }) => [line, entry])

describe('a pasted list', () => {
  it('takes one target a line, with or without a name', () => {
    assert.deepEqual(entries('10.0.0.1\n\n# a comment\nr2, tcp://10.0.0.2:22\r\n'), [
      [1, { name: '10.0.0.1', target: '10.0.0.1' }],
      [4, { name: 'r2', target: 'tcp://10.0.0.2:22' }],
    ])
  })

  it('takes CSV with a header, its further columns as labels, and quotes', () => {
    assert.deepEqual(entries('Host;name;site;plan B\n10.0.0.1;"the ""old""; one";POP-1;\n'), [
      [2, { name: 'the "old"; one', target: '10.0.0.1', labels: { site: 'POP-1' } }],
    ])
  })

  it('gives all of them common labels', () => {
    assert.deepEqual(parseList('10.0.0.1', parseLabels('site=POP-07, type=access nonsense'))[0]!.entry, {
      name: '10.0.0.1',
      target: '10.0.0.1',
      labels: { site: 'POP-07', type: 'access' },
    })
  })

  it('may be long, with comments, empty lines and repetitions, each said with its line', () => {
    const lines = Array.from({ length: 1500 }, (_, index) =>
      index % 10 === 0 ? '# POP' : index % 10 === 1 ? '' : `10.0.${index % 4}.${index % 250}`,
    )
    const found = parseList(lines.join('\r\n'))
    assert.equal(found.length, 1200)
    for (const { line, entry } of found) assert.equal((entry as { target: string }).target, lines[line - 1])
  })

  it('makes an entry of every line that says anything, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), (lines) => {
        for (const { entry } of parseList(lines.join('\n'))) assert.equal(typeof entry.name, 'string')
      }),
      { numRuns: 300 },
    )
  })
})
