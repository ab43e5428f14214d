import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { readableLine } from './readable-line.ts'

const written = (act: (log: ReturnType<typeof pino>) => void): string => {
  let text = ''
  const destination = {
    write: (line: string) => {
      text += line
    },
  }
  act(pino({ base: null, level: 'trace', timestamp: () => ',"time":"2026-11-30T22:15:04.123Z"' }, destination))
  return text
}

it('says on a terminal when, how grave, what and its facts', () => {
  const line = written((log) => log.info({ address: 'http://127.0.0.1:5000', monitors: 5, note: 'a b' }, 'watching'))
  assert.equal(
    readableLine(line, 'terminal'),
    '22:15:04 info    watching address=http://127.0.0.1:5000 monitors=5 note="a b"\n',
  )
})

it('has a link alone in its line', () => {
  const link = 'http://127.0.0.1:5000/setup?token=abc'
  const line = written((log) => log.info({ link }, 'create the first user here:'))
  assert.equal(readableLine(line, 'terminal'), `22:15:04 info    create the first user here:\n\n${link}\n\n`)
  assert.equal(readableLine(line, 'journal'), `<6>info    create the first user here:\n<6>${link}\n`)
})

it('tells the journal how grave it is, with each line of an error', () => {
  const line = written((log) => log.error({ err: new RangeError('too far') }, 'it failed'))
  const lines = readableLine(line, 'journal').trimEnd().split('\n')
  assert.deepEqual(lines.slice(0, 2), ['<3>error   it failed', '<3>    RangeError: too far'])
  assert.ok(lines.length > 3 && lines.every((one) => one.startsWith('<3>')))
})

it('drives no terminal, whatever is in it, and leaves what is no line of ours', () => {
  assert.equal(readableLine('plain\n', 'terminal'), 'plain\n')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, msg) => {
      const text = readableLine(
        written((log) => log.warn({ name }, msg)),
        'terminal',
      )
      assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u2028\u2029\u202e]/u)
    }),
    { numRuns: 50 },
  )
})
