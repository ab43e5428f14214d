import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { csvOf } from './csv.ts'

it('goes by the separators of the region', () => {
  const rows = [
    ['nombre', 'ms'],
    ['Río; Cuarto', 1234.5],
    ['a,b', -7],
    ['', null],
  ]
  const comma = 'nombre;ms\r\n"Río; Cuarto";1234,5\r\n"a,b";-7\r\n;\r\n'
  for (const region of ['es-AR', 'es-ES']) assert.equal(csvOf(region, rows), comma, region)
  const point = 'nombre,ms\r\n"Río; Cuarto",1234.5\r\n"a,b",-7\r\n,\r\n'
  for (const region of ['en', 'en-US', 'es-MX']) assert.equal(csvOf(region, rows), point, region)
})

it('keeps a text that looks like a formula a text', () => {
  for (const text of ['=1+1', '+54 351', '-3', '@x', '\t=1', ' =1', '\r=1', '＝1', '%x'])
    assert.match(csvOf('en', [[text]]), /^"?'/, JSON.stringify(text))
  assert.equal(csvOf('en', [[-3]]), '-3\r\n')
  assert.equal(csvOf('en', [['say "hi"\nthere']]), '"say ""hi""\nthere"\r\n')
})

/** Reads one row as a spreadsheet does. */
const readRow = (text: string, separator: string): string[] => {
  const cells: string[] = []
  let rest = text
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest)
    const cell = quoted ? quoted[0] : rest.slice(0, rest.search(new RegExp(`[${separator}\\r]`)))
    cells.push(quoted ? quoted[1]!.replaceAll('""', '"') : cell)
    rest = rest.slice(cell.length)
    if (rest[0] !== separator) return cells
    rest = rest.slice(1)
  }
}

it('gives back every text as it was, but for the apostrophe', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), (texts) => {
      for (const [region, separator] of [
        ['es-AR', ';'],
        ['en', ','],
      ] as const) {
        const read = readRow(csvOf(region, [texts]), separator)
        assert.deepEqual(
          read.map((cell, index) => (cell === `'${texts[index]}` ? texts[index] : cell)),
          texts,
        )
      }
    }),
    { numRuns: 300 },
  )
})
