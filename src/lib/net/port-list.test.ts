import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parsePortList } from './port-list.ts'

describe('lists of ports', () => {
  it('bears blanks, empty items and repetitions, and keeps the order', () => {
    assert.deepEqual(parsePortList(' 8080, 3000,,8080 ,'), { ports: [8080, 3000], problems: [] })
  })

  it('takes blanks for commas', () => {
    assert.deepEqual(parsePortList('8080 3000\t22,\n80').ports, [8080, 3000, 22, 80])
  })

  it('names what is no port', () => {
    const { ports, problems } = parsePortList('0,70000,web,-1,80.5,80')
    assert.deepEqual(ports, [80])
    assert.deepEqual(
      problems.map((problem) => problem.split(' ')[0]),
      ['"0"', '"70000"', '"web"', '"-1"', '"80.5"'],
    )
  })

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const { ports } = parsePortList(text)
        assert.ok(ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535))
      }),
      { numRuns: 300 },
    )
  })
})
