import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Matcher, matchersProblem } from './matcher.ts'

const of = (...matchers: readonly (readonly [string, Matcher['operator'], string | readonly string[]])[]) =>
  matchersProblem(matchers.map(([name, operator, value]) => ({ name, operator, value })))?.index

describe('matchers that what lacks their label would satisfy', () => {
  it('are refused, in every operator', () => {
    assert.equal(of(['sites', 'matches', '.*']), 0)
    assert.equal(of(['sites', 'matches', 'A|']), 0)
    assert.equal(of(['sites', 'matches', '(POP-1)?']), 0)
    assert.equal(of(['sites', 'matches_not', 'POP-.*']), 0)
    assert.equal(of(['sites', '!=', 'POP-1']), 0)
    assert.equal(of(['sites', '!~', 'pop*']), 0)
    assert.equal(of(['sites', '=~', '*']), 0)
    assert.equal(of(['sites', '=', '']), 0)
    assert.equal(of(['sites', 'in', ['', 'a']]), 0)
    assert.equal(of(['monitor', '!=', 'a'], ['rule', 'matches', '.*']), 0)
    assert.equal(of(['labels.severity', '!=', 'info']), 0)
  })

  it('are taken beside one that must be there', () => {
    assert.equal(of(['site', '=', 'POP-1'], ['vendor', '!=', 'x']), undefined)
    assert.equal(of(['subject', 'matches', '.*']), undefined)
    assert.equal(of(['severity', '!=', 'CRITICAL']), undefined)
    assert.equal(of(['sites', 'matches', '.+']), undefined)
    assert.equal(of(['sites', '=~', '?*']), undefined)
  })

  it('are named after what is no expression at all', () => {
    assert.equal(of(['a', '=', 'b'], ['c', 'matches', '(']), 1)
  })
})
