import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { Ajv } from 'ajv'
import i18next from 'i18next'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { plainSource } from '#config/plain-source.ts'
import { validate } from '#config/validate.ts'
import { says, toldBy } from '#core/said.ts'
import { faultByKeyword, type ValueFault } from '#core/value-fault.ts'
import { Type } from '#lib/schema.ts'
import { inBothLanguages } from '#templates/said.ts'
import { faultText, loadSpanish, problemText } from '../../web/src/i18n/problem-text.ts'
import { PROBLEMS } from '../../web/src/i18n/problems-es.ts'

/** A schema that uses each keyword of ours once, and what breaks it. */
const BROKEN: readonly (readonly [schema: object, value: unknown, spanish: string])[] = [
  [Type.Object({ a: Type.String() }), {}, 'falta'],
  [Type.Object({}, { additionalProperties: false }), { b: 1 }, 'b no se conoce aquí'],
  [Type.Enum(['a', 'b']), 'c', 'debe ser uno de estos: a, b'],
  [Type.Literal('a'), 'b', 'debe ser uno de estos: a'],
  [Type.String(), 1, 'debe ser un texto'],
  [Type.Number(), 'x', 'debe ser un número'],
  [Type.Integer(), 1.5, 'debe ser un número entero'],
  [Type.Boolean(), 1, 'debe ser verdadero o falso'],
  [Type.Array(Type.String()), 1, 'debe ser una lista'],
  [Type.Object({}), 1, 'debe ser un objeto'],
  [Type.Integer({ minimum: 3 }), 2, 'debe ser al menos 3'],
  [Type.Integer({ maximum: 3 }), 4, 'debe ser como máximo 3'],
  [Type.String({ minLength: 1 }), '', 'está vacío'],
  [Type.String({ minLength: 2 }), 'a', 'debe tener al menos 2 caracteres'],
  [Type.String({ maxLength: 2 }), 'abc', 'debe tener como máximo 2 caracteres'],
  [Type.Array(Type.String(), { minItems: 1 }), [], 'debe tener al menos 1 elementos'],
  [Type.Array(Type.String(), { maxItems: 1 }), ['a', 'b'], 'debe tener como máximo 1 elementos'],
  [Type.Array(Type.String(), { uniqueItems: true }), ['a', 'a'], 'tiene elementos repetidos'],
  [Type.String({ pattern: '^x' }), 'a', 'no tiene la forma debida'],
]

const wrong = (entry: object): ValueFault | undefined =>
  validate(monitorEntrySchema, entry, [], plainSource(entry))[0]?.fault

describe('what the server refuses, on the page', () => {
  before(async () => {
    await i18next.init({ lng: 'es', resources: {} })
    await loadSpanish()
  })

  it('is Spanish for every keyword of a schema', () => {
    for (const [schema, value, spanish] of BROKEN) {
      const check = new Ajv().compile(schema)
      assert.equal(check(value), false)
      const { keyword, params, message = '' } = check.errors![0]!
      assert.equal(faultText(inBothLanguages({ message, ...toldBy(faultByKeyword(keyword, params)) })), spanish)
    }
  })

  it('is Spanish for what a monitor must be', () => {
    const name = 'web'
    assert.deepEqual(wrong({ name, interval: 30 }), { code: 'no_unit', facts: { value: 30 } })
    assert.deepEqual(wrong({ name, interval: 'soon' }), { code: 'not_duration', facts: {} })
    assert.deepEqual(wrong({ name, severity: 'BAD' }), { code: 'not_known', facts: { value: 'BAD' } })
    assert.deepEqual(wrong({ name, intervall: '30s' }), { code: 'unknown_key', facts: { key: 'intervall' } })
    assert.deepEqual(wrong({}), { code: 'missing_key', facts: { key: 'name' } })
  })

  it('shows no secret in the facts', () => {
    const schema = Type.Object({ pin: Type.Union([Type.Literal('a'), Type.Literal('b')], { 'x-secret': true }) })
    const [problem] = validate(schema, { pin: 'hunter2' }, [], plainSource({}))
    assert.deepEqual(problem!.fault, { code: 'not_known', facts: { value: '(secret)' } })
  })

  it('stays as the server says it where there is no code, and in English', async () => {
    const fault: ValueFault = { code: 'missing', facts: {} }
    assert.equal(faultText({ message: 'no unit' }), 'no unit')
    assert.equal(problemText({ code: 'invalid_input', message: 'no unit' }), 'no unit')
    assert.equal(problemText({ code: 'last_administrator', message: 'x' }), PROBLEMS.last_administrator)
    assert.equal(faultText(says('period: at least 1s', 'period: al menos 1s')), 'period: al menos 1s')
    await i18next.changeLanguage('en')
    assert.equal(faultText(says('period: at least 1s', 'period: al menos 1s')), 'period: at least 1s')
    assert.equal(faultText({ message: 'is missing', fault }), 'is missing')
    assert.equal(problemText({ code: 'in_use', message: 'Rules send by it.' }), 'Rules send by it.')
    await i18next.changeLanguage('es')
  })
})
