import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '#lib/json.ts'
import { createRuleIndex } from './rule-index.ts'
import { type CompiledRule, compileRule, looksAt, RULE_DEFAULTS } from './rule-spec.ts'

const rule = (id: number, type: string, conditions: Json, enabled = true): CompiledRule =>
  compileRule({
    ...RULE_DEFAULTS,
    id,
    name: `rule ${id}`,
    type,
    conditions,
    enabled,
    triggers: 0,
    lastTriggeredAt: null,
    createdAt: 0,
    createdBy: null,
    updatedAt: 0,
    updatedBy: null,
  })!

const ids = (rules: readonly CompiledRule[]): number[] => rules.map(({ id }) => id)

describe('the index of rules', () => {
  it('finds rules by type; custom ones also look at types without rules of their own', () => {
    const index = createRuleIndex([
      rule(3, 'custom', {}),
      rule(1, 'backup', {}),
      rule(2, 'fail2ban_ban', {}),
      rule(4, 'backup', {}, false),
    ])
    assert.deepEqual(ids(index.candidates('backup')), [1, 3])
    assert.deepEqual(ids(index.candidates('elsewhere')), [3])
    assert.deepEqual(ids(index.candidates('custom')), [3])
    assert.deepEqual(ids(index.candidates('fail2ban_ban')), [2])
    assert.deepEqual(ids(index.candidates('zeek_detection')), [])
  })

  it('asks no rule that needs another value', () => {
    const asked: number[] = []
    const watched = (id: number, conditions: Json): CompiledRule => {
      const made = rule(id, 'backup', conditions)
      const test = (data: unknown) => {
        asked.push(id)
        return made.conditions.test(data)
      }
      return { ...made, conditions: { ...made.conditions, test } }
    }
    const index = createRuleIndex([
      watched(1, { jail: { operator: '==', value: 'sshd' } }),
      watched(2, { jail: { operator: 'in', value: ['nginx', 'apache'] }, port: '> 5' }),
      watched(3, { port: '> 5' }),
    ])
    assert.deepEqual(ids(index.matching('backup', { jail: 'nginx', port: 6 })), [2, 3])
    assert.deepEqual(asked.toSorted(), [2, 3])
  })

  it('finds exactly the rules that match, in the order of their ids, whatever the conditions', () => {
    const scalar = fc.constantFrom<Json>('a', 'b', '', '1', 0, 1, 2, true, false, null)
    const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.constant({ b: 1 }))
    const field = fc.constantFrom('a', 'b', 'a.b', 'length')
    const operator = fc.constantFrom('==', '!=', 'in', 'not_in', '>', 'contains', 'exists')
    const check = fc.tuple(field, operator, value).map(([name, is, expected]) => ({
      [name]: is === 'exists' ? { exists: true } : { operator: is, value: expected },
    }))
    const conditions = fc.oneof(
      check,
      fc.array(check, { maxLength: 3 }).map((all) => ({ all })),
      fc.array(check, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      check.map((not) => ({ not })),
    )
    const type = fc.constantFrom('backup', 'custom', 'fail2ban_ban', 'other')
    const fields = fc.dictionary(fc.constantFrom('a', 'b', 'a.b'), value, { noNullPrototype: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(type, conditions), { maxLength: 8 }),
        fc.array(fc.tuple(type, fields), { maxLength: 5 }),
        (written, events) => {
          const rules = written.map(([of, wanted], id) => rule(id, of, wanted as Json))
          const index = createRuleIndex(rules)
          for (const [of, data] of events) {
            const expected = rules.filter(
              ({ spec, conditions: { explain } }) => looksAt(spec.type, of) && explain(data).passed,
            )
            assert.deepEqual(ids(index.matching(of, data as JsonObject)), ids(expected))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
