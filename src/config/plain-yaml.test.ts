import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { readPlainYaml } from './plain-yaml.ts'
import { readSource } from './read-source.ts'
import { type Path, readWholeSource } from './source.ts'

// Of the reader of all of YAML, about texts that nobody would write.
process.removeAllListeners('warning')

const ENVIRONMENT = { HOST: '192.0.2.9', EMPTY: '' }

/** Longer by hand. */
const RUNS = Number(process.env.YAML_RUNS ?? 1500)

/** Paths of all items of lists in a value. */
const itemsOf = (value: unknown, path: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => {
        const at = [...path, Array.isArray(value) ? Number(key) : key]
        return [...(Array.isArray(value) ? [at] : []), ...itemsOf(inner, at)]
      })

/** What both readers say of a text: the same, or the quick one leaves it to the other. True where it did not. */
const compared = (text: string): boolean => {
  const whole = readWholeSource(text, 'f', ENVIRONMENT)
  const either = readSource(text, 'f', ENVIRONMENT)
  if (!whole.ok || !either.ok) {
    assert.deepEqual(either, whole, text)
    return false
  }
  assert.deepEqual(either.source.value, whole.source.value, text)
  for (const path of itemsOf(whole.source.value))
    assert.equal(either.source.origin(path), whole.source.origin(path), `${text}\n${path.join('.')}`)
  return readPlainYaml(text) !== undefined
}

/** Pieces of which the readers might think differently. */
const PIECES = [
  ...['a', 'b: ', 'name: ', 'x y', '- ', '-', ': ', ':', ' ', '  ', '    ', '\n', '\n  ', '\n    ', '\n- ', '\n  - '],
  ...['# c', ' # c', '#', '"', "'", "''", '"q"', "'s'", '"\\u00e9"', '"\\n"', '\\', '[', ']', '{', '}', ', ', ','],
  ...['1', '-1', '007', '0x1f', '1.5', '1e3', '.5', '-.inf', 'null', '~', 'true', 'False', 'yes', '60s', '10.0.0.1'],
  ...['${HOST}', '${NONE}', '$${x}', '&a', '*b', '!t', '|', '>', '? ', '%', '@', '`', '---', '...', '<<', '\t', '\r\n'],
  ...['é', '…', '\u{1f600}', '__proto__: ', '"k": ', '"k":', 'http://x/y#z', 'a#b', '::1', 'a:b', '= ', '$x', '(z)'],
]

describe('the quick reader of configurations', () => {
  it('says of any text what the reader of all of YAML says, or nothing', () => {
    const anyText = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(anyText, (text) => void compared(text)),
      { numRuns: RUNS },
    )
  })

  it('says the same of a configuration in which somebody mistyped', () => {
    const lines = [
      'defaults: { interval: 60s, reminder: [1h, 4h] } # all',
      'channels:',
      '  - name: noc',
      '    type: email',
      '    options: { to: ["a@isp.example", b@isp.example] }',
      'monitors:',
      "- name: 'web'",
      '  target: "https://example.com/#x"',
      '  labels:',
      '    site: POP-3',
      '',
      '- { name: b, type: tcp, options: { host: ${HOST}, port: 22 } }',
    ].join('\n')
    const edit = fc.record({ at: fc.nat(lines.length), gone: fc.nat(3), piece: fc.constantFrom('', ...PIECES) })
    const edited = fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
      let text = lines
      for (const { at, gone, piece } of edits) text = text.slice(0, at) + piece + text.slice(at + gone)
      return text
    })
    fc.assert(
      fc.property(edited, (text) => void compared(text)),
      { numRuns: RUNS },
    )
  })

  it('reads what is written by indentation, with brackets and as JSON', () => {
    const word = fc.oneof(
      fc.constantFrom('a', '10.0.0.1', 'x y', '60s', '', '#', 'true', '1', 'é: -', '"', "it's"),
      fc.string(),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'name', 'long name', 'options'), tie('value'), { maxKeys: 3 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('x', 'y'), value), fc.constantFrom(0, 2), (object, indent) => {
        compared(stringify(object))
        compared(JSON.stringify(object, undefined, indent))
      }),
      { numRuns: 300 },
    )
  })

  it('reads what people write', () => {
    for (const text of [
      'monitors:\n  - name: a # first\n    target: 10.0.0.1\n\n  # between\n  - { name: b, target: "tcp://[::1]:22" }\n',
      'monitors:\n- name: a\n  labels: { site: POP-3 }\n- name: b\nchannels: []\n',
      "defaults: { interval: 60s, reminder: [1h, 4h] }\nchannels:\n  - name: 'it''s'\n    type: email\n",
      '{"monitors": [\n  {"name": "a", "options": {"port": 1}}\n]}',
      'a:\n  -\n    b: 1\n  - - 1\n    - 2\nc: ${HOST}\n',
    ])
      assert.ok(compared(text), text)
  })

  it('takes the examples, but for those with texts of several lines', () => {
    const folder = join(import.meta.dirname, '../../examples')
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
    const taken = texts.filter((text) => compared(text))
    const plain = texts.filter((text) => !/[|>]$|&|"[^"\n]*$/m.test(text))
    assert.ok(taken.length >= plain.length, `${taken.length} of ${texts.length}`)
  })
})
