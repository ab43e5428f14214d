import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { expand } from './expand.ts'
import { findIn } from './regex.ts'

const filled = (send: string, line: Buffer | string = '220 mail.example ready') =>
  expand(send, findIn('^220 (?P<host>\\S+) (.*)$', Buffer.from(line))!)

describe('what a step hears, in what it says', () => {
  it('is named or numbered, with braces or without', () => {
    assert.equal(
      String(filled('HELO ${host} $host ${1} $1 $2')),
      'HELO mail.example mail.example mail.example mail.example ready',
    )
  })

  it('is nothing where there is no such group: a name is as long as it can be', () => {
    assert.equal(String(filled('<$1x ${1}x $hostx $9 ${nobody} $01>')), '< mail.examplex    >')
  })

  it('leaves a dollar sign that means nothing, and takes two for one', () => {
    assert.equal(String(filled('$$1 $ $- ${ ${} ${host')), '$1 $ $- ${ ${} ${host')
  })

  it('goes on byte by byte, whatever it is', () => {
    assert.equal(String(filled('ñ $1', '220 señal x')), 'ñ señal')
    const latin1 = Buffer.from('220 se\xf1al \xff', 'latin1')
    assert.equal(filled('$1|$2', latin1).toString('latin1'), 'se\xf1al|\xff')
  })
})
