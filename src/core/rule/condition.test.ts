import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { conditionSaid, inEnglish } from '#templates/said.ts'
import { type ConditionStep, compileConditions } from './condition.ts'

const worded = ({ cause, ...step }: ConditionStep) => ({ ...step, why: inEnglish(cause) })

const compiled = (conditions: unknown) => {
  const result = compileConditions(conditions)
  assert.ok(result.ok, result.ok ? '' : conditionSaid(result).message)
  return result
}

const refusal = (conditions: unknown): string => {
  const result = compileConditions(conditions)
  assert.ok(!result.ok, `${JSON.stringify(conditions)} was taken`)
  const { message } = conditionSaid(result)
  assert.ok(message.startsWith(`${result.path}: `), message)
  return message
}

/** The verdict on `{ f: actual }`, or on an event without `f` when `actual` is undefined. */
const verdict = (operator: string, value: unknown, actual: unknown): boolean => {
  const { test, explain } = compiled({ f: { operator, value } })
  const data = actual === undefined ? {} : { f: actual }
  assert.equal(explain(data).passed, test(data), 'explain and test must agree')
  return test(data)
}

/** What the older service answers, row by row: operator, expected value, field (undefined: missing), verdict. */
const REFERENCE: readonly (readonly [string, unknown, unknown, boolean])[] = [
  ['>', 80, 80.5, true],
  ['>', 80, 80, false],
  ['>', 80, undefined, false],
  ['>', 80, null, false],
  ['>', 80, '90', false],
  ['<', 80, '10', false],
  ['<=', 80, true, true],
  ['>', 0, true, true],
  ['>', null, 1, false],
  ['>', 'apple', 'banana', true],
  ['>', 'a', 'Z', false],
  ['<', '\u{1F600}', '\uE000', true],
  ['>', [1, 2], [1, 3], true],
  ['>=', [1, 2], [1, 2], true],
  ['>', [1], ['a'], false],
  ['<', {}, {}, false],
  ['==', 80, 80.0, true],
  ['==', 80, '80', false],
  ['==', 1, true, true],
  ['==', false, 0, true],
  ['==', true, 'true', false],
  ['==', null, undefined, true],
  ['==', null, null, true],
  ['==', 0, undefined, false],
  ['==', { a: [1, true] }, { a: [true, 1] }, true],
  ['!=', 'ES', undefined, true],
  ['!=', null, undefined, false],
  ['!=', 80, '80', true],
  ['in', ['sshd', 'nginx'], 'sshd', true],
  ['in', ['sshd'], 'ssh', false],
  ['in', ['sshd'], undefined, false],
  ['in', [0, '', false], 0, false],
  ['in', [0, '', false], '', false],
  ['in', [0, '', false], false, false],
  ['in', [1], true, true],
  ['in', [80], 80.0, true],
  ['in', [['a', 1]], ['a', true], true],
  ['in', 'sshd nginx', 'ssh', true],
  ['in', '8080', 80, false],
  ['in', { sshd: 1 }, 'sshd', true],
  ['in', { sshd: 1 }, ['sshd'], false],
  ['in', 80, 80, false],
  ['not_in', ['sshd'], 'nginx', true],
  ['not_in', ['sshd'], 'sshd', false],
  ['not_in', ['sshd'], undefined, true],
  ['not_in', [0], 0, true],
  ['not_in', 80, 0, true],
  ['not_in', 80, 80, false],
  ['not_in', 'abc', 80, false],
  ['contains', 'ssh', 'sshd', true],
  ['contains', 'SSH', 'sshd', false],
  ['contains', 'x', undefined, false],
  ['contains', '', '', false],
  ['contains', '0', 0, false],
  ['contains', '80', 8080, true],
  ['contains', 80, 8080, false],
  ['contains', "['a', 'b']", ['a', 'b'], true],
  ['contains', '"it\'s"', ["it's"], true],
  ['contains', "'b': None", { a: true, b: null }, true],
  ['contains', 'True', [true], true],
  ['contains', 'rue', true, true],
  ['contains', '1e-05', [0.00001], true],
  ['contains', '\\n', ['\n'], true],
  ['contains', 'é', ['é'], true],
]

describe('the older name of a detection', () => {
  for (const conditions of [
    { detection_type: { operator: '==', value: 'dga_domain' } },
    { detection_type: '== dga_domain' },
    { any: [{ detection_type: { operator: 'in', value: ['beaconing', 'dga_domain'] } }] },
  ])
    it(JSON.stringify(conditions), () => {
      assert.ok(compiled(conditions).test({ detection_type: 'dga' }))
      assert.ok(!compiled(conditions).test({ detection_type: 'port_scan' }))
    })
  it('means nothing in other fields', () => {
    assert.ok(!compiled({ kind: { operator: '==', value: 'dga_domain' } }).test({ kind: 'dga' }))
  })
})

describe('the nine operators of the older service', () => {
  for (const [operator, value, actual, expected] of REFERENCE)
    it(`${JSON.stringify(actual)} ${operator} ${JSON.stringify(value)} is ${expected}`, () =>
      assert.equal(verdict(operator, value, actual), expected))

  it('all conditions must hold, and none always do', () => {
    const { test } = compiled({ a: '> 1', b: '== x' })
    assert.equal(test({ a: 2, b: 'x' }), true)
    assert.equal(test({ a: 2, b: 'y' }), false)
    assert.equal(compiled({}).test({}), true)
    assert.equal(compiled({}).test(null), true)
  })
})

describe('the further operators', () => {
  it('matches finds a regular expression in the field as text', () => {
    assert.equal(verdict('matches', '^ssh', 'sshd'), true)
    assert.equal(verdict('matches', '^sh', 'sshd'), false)
    assert.equal(verdict('matches', '(?i)SSH', 'sshd'), true)
    assert.equal(verdict('matches', '^80', 8080), true)
    assert.equal(verdict('matches', '.*', undefined), false)
  })

  it('exists tells a value from a missing or null field', () => {
    assert.equal(verdict('exists', true, 0), true)
    assert.equal(verdict('exists', true, null), false)
    assert.equal(verdict('exists', false, undefined), true)
    assert.equal(verdict('exists', false, ''), false)
    assert.equal(compiled({ f: 'exists' }).test({ f: 1 }), true)
    assert.equal(compiled({ f: 'exists false' }).test({ f: 1 }), false)
  })

  it('cidr finds an address in one network or several', () => {
    assert.equal(verdict('cidr', '10.0.0.0/8', '10.9.8.7'), true)
    assert.equal(verdict('cidr', '10.0.0.0/8', '11.0.0.1'), false)
    assert.equal(verdict('cidr', ['203.0.113.0/24', '2001:db8::/32'], '2001:db8::5'), true)
    assert.equal(verdict('cidr', ['203.0.113.7'], '203.0.113.7'), true)
    assert.equal(verdict('cidr', '10.0.0.0/8', '::ffff:10.1.1.1'), true)
    assert.equal(verdict('cidr', '10.0.0.0/8', 'nonsense'), false)
    assert.equal(verdict('cidr', '10.0.0.0/8', undefined), false)
  })
})

describe('forms', () => {
  const same = (form: unknown, data: unknown, expected: boolean) =>
    assert.equal(compiled(form).test(data), expected, JSON.stringify(form))

  it('reads the four forms alike', () => {
    for (const form of [{ operator: '>', value: 80 }, { '>': 80 }, '> 80', '>80']) {
      same({ f: form }, { f: 81 }, true)
      same({ f: form }, { f: 80 }, false)
    }
    same({ f: { '>': 80, '<': 90 } }, { f: 95 }, false)
    same({ f: { '>': 80, '<': 90 } }, { f: 85 }, true)
  })

  it('reads values of the text form by what they look like', () => {
    same({ f: '== 80' }, { f: 80 }, true)
    same({ f: '== "80"' }, { f: '80' }, true)
    same({ f: '== true' }, { f: true }, true)
    same({ f: '!= HIGH' }, { f: 'LOW' }, true)
    same({ f: '== two words' }, { f: 'two words' }, true)
    same({ f: '== 007' }, { f: '007' }, true)
    same({ f: 'in [sshd, postfix-sasl]' }, { f: 'postfix-sasl' }, true)
    same({ f: 'in ["a,b", 80]' }, { f: 'a,b' }, true)
    same({ f: 'not_in [80, 443]' }, { f: 443 }, false)
    same({ f: 'contains 80' }, { f: '8080' }, true)
    same({ f: 'matches ^a b$' }, { f: 'a b' }, true)
    same({ f: 'cidr 10.0.0.0/8, 192.168.0.0/16' }, { f: '192.168.1.1' }, true)
  })

  it('follows dotted paths, and a key with a dot first', () => {
    same({ 'labels.site': '== A' }, { labels: { site: 'A' } }, true)
    same({ 'labels.site': '== A' }, { 'labels.site': 'A', labels: { site: 'B' } }, true)
    same({ 'a.b.c': '== 1' }, { a: { 'b.c': 1 } }, true)
    same({ 'list.1.ip': '== x' }, { list: [{}, { ip: 'x' }] }, true)
    same({ 'list.length': { exists: true } }, { list: [1] }, false)
    same({ 'constructor.name': { exists: true } }, {}, false)
    same({ 'f.0': { exists: true } }, { f: 'text' }, false)
  })

  it('nests all, any and not', () => {
    const rule = { any: [{ a: '> 5' }, { not: { b: '== x' } }], all: [{ c: 'exists' }], d: '== 1' }
    same(rule, { a: 6, b: 'x', c: 1, d: 1 }, true)
    same(rule, { a: 1, b: 'y', c: 1, d: 1 }, true)
    same(rule, { a: 1, b: 'x', c: 1, d: 1 }, false)
    same(rule, { a: 6, b: 'x', d: 1 }, false)
    same({ not: { any: [{ a: '== 1' }, { a: '== 2' }] } }, { a: 3 }, true)
  })

  it('does not turn what cannot be compared into a match by negation', () => {
    same({ not: { a: '> 5' } }, { a: 'text' }, false)
    same({ not: { all: [{ a: '> 5' }, { b: '== 1' }] } }, { a: 'text', b: 1 }, false)
    same({ not: { all: [{ a: '> 5' }, { b: '== 1' }] } }, { a: 'text', b: 2 }, true)
    for (const any of [
      [{ a: '> 5' }, { b: '== 1' }],
      [{ b: '== 1' }, { a: '> 5' }],
    ])
      same({ any }, { a: 'text', b: 1 }, true)
  })
})

describe('refusals', () => {
  it('say in Spanish what is wrong as well, at its field', () => {
    const spanish = (conditions: unknown) => {
      const result = compileConditions(conditions)
      return result.ok ? '' : conditionSaid(result)['x-es'].message
    }
    assert.equal(spanish({ confidence: 80 }), '80 no tiene operador; escriba { operator: "==", value: 80 } o "== 80"')
    assert.equal(
      spanish({ f: { gte: 3 } }),
      '"gte" no es un operador; ¿quiso decir >=?; para un campo dentro de f escriba "f.gte"',
    )
    assert.match(spanish({ f: { matches: '(' } }), /^\( no es una expresión regular/)
    assert.equal(spanish({ ip: { cidr: ['x'] } }), '"x" no es una red; escriba 10.0.0.0/8 o 2001:db8::/32')
  })

  it('names the right form of a condition without operator', () => {
    assert.equal(
      refusal({ confidence: 80 }),
      'conditions.confidence: 80 has no operator; write { operator: "==", value: 80 } or "== 80"',
    )
    assert.equal(
      refusal({ severity: 'HIGH' }),
      'conditions.severity: "HIGH" has no operator; write { operator: "==", value: "HIGH" } or "== HIGH"',
    )
    assert.equal(
      refusal({ port: '80' }),
      'conditions.port: "80" has no operator; write { operator: "==", value: "80" } or "== \\"80\\""',
    )
    assert.match(refusal({ jail: ['a', 'b'] }), /write \{ operator: "in", value: \["a", "b"\] \}/)
    assert.match(refusal({ f: { value: 80 } }), /has no operator; write/)
  })

  it('says that an empty operator wants quotes', () => {
    for (const form of [{ operator: '', value: 1 }, { operator: null, value: 1 }, { '': 1 }])
      assert.match(refusal({ f: form }), /^conditions\.f: the operator is empty; quote it/)
    assert.match(refusal({ f: null }), /quote it/)
    assert.match(refusal({ f: '' }), /quote it/)
  })

  it('knows what was meant', () => {
    assert.match(refusal({ f: { operator: '=', value: 1 } }), /did you mean ==\?/)
    assert.match(refusal({ f: { operator: 'IN', value: [1] } }), /did you mean in\?/)
    assert.match(refusal({ f: { operator: '~~', value: 1 } }), /known are: > < >= <= == != in not_in contains/)
    assert.match(refusal({ labels: { site: '== A' } }), /write "labels\.site"/)
    assert.match(refusal({ f: 'in transit' }), /in needs a list/)
    assert.match(refusal({ f: '>' }), /> has no value/)
    assert.match(refusal({ f: { operator: '>', value: 1, extra: 2 } }), /"extra" cannot stand/)
  })

  it('tells where in a nested rule it went wrong', () => {
    const result = compileConditions({ all: [{ any: [{ a: '> 1' }, { b: 5 }] }] })
    assert.ok(!result.ok)
    assert.equal(result.path, 'conditions.all[0].any[1].b')
  })

  it('refuses what would never or could not work', () => {
    assert.match(refusal({ f: { matches: '(a' } }), /not a regular expression/)
    assert.match(refusal({ f: { matches: '(?=a)' } }), /not a regular expression/)
    assert.match(refusal({ f: { cidr: '10.0.0.0/33' } }), /not a network/)
    assert.match(refusal({ f: { cidr: [] } }), /at least one/)
    assert.match(refusal({ f: { exists: 'yes' } }), /true or false/)
    assert.match(refusal({ any: [] }), /never holds/)
    assert.match(refusal({ not: {} }), /never holds/)
    assert.match(refusal({ any: { a: '> 1' } }), /takes a list/)
    assert.match(refusal([{ a: '> 1' }]), /all or any/)
    for (const none of [undefined, null, 5, 'x > 1']) assert.match(refusal(none), /mapping/)
  })

  it('bounds depth, number and size', () => {
    let deep: unknown = { a: '> 1' }
    for (let level = 0; level < 100_000; level++) deep = { not: deep }
    assert.match(refusal(deep), /levels deep/)
    assert.match(refusal({ f: `in ${'['.repeat(100_000)}${']'.repeat(100_000)}` }), /levels deep/)
    const fields = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`f${index}`, '> 1']))
    assert.match(refusal(fields), /more than 200 conditions/)
    assert.match(refusal({ f: { in: Array.from({ length: 30_000 }, () => 1) } }), /more than 20000 values/)
    assert.match(refusal({ f: { contains: 'x'.repeat(600_000) } }), /characters/)
    assert.match(refusal({ ['f'.repeat(501)]: '> 1' }), /characters/)
    assert.match(refusal({ f: { matches: '(?:a{30}){33}(?:b{30}){33}' } }), /repeats too much/)
  })
})

describe('explain', () => {
  it('says of every condition what was expected and found', () => {
    const { explain } = compiled({ confidence: '> 80', country: { not_in: ['ES'] }, jail: { exists: true } })
    const trace = explain({ confidence: 70, country: 'FR' })
    assert.equal(trace.passed, false)
    assert.deepEqual(trace.steps.map(worded), [
      {
        path: 'conditions.confidence',
        field: 'confidence',
        operator: '>',
        expected: '80',
        actual: '70',
        passed: false,
        why: 'confidence is 70, not greater than 80',
      },
      {
        path: 'conditions.country',
        field: 'country',
        operator: 'not_in',
        expected: '["ES"]',
        actual: '"FR"',
        passed: true,
        why: 'country is "FR", not one of ["ES"]',
      },
      {
        path: 'conditions.jail',
        field: 'jail',
        operator: 'exists',
        expected: 'true',
        actual: null,
        passed: false,
        why: 'jail is missing',
      },
    ])
  })

  it('names types that cannot be compared', () => {
    const [step] = compiled({ f: '> 80' }).explain({ f: '85' }).steps
    assert.equal(worded(step!).why, 'f is "85", text, which > cannot compare with 80, a number')
  })

  it('tells how a group came to its verdict', () => {
    const { steps } = compiled({ any: [{ a: '== 1' }, { a: '== 2' }], not: { b: '== 1' } }).explain({ a: 2, b: 1 })
    assert.deepEqual(
      steps.map(worded).map(({ path, passed, why }) => [path, passed, why]),
      [
        ['conditions.any[0].a', false, 'a is 2, not equal to 1'],
        ['conditions.any[1].a', true, 'a is 2, equal to 2'],
        ['conditions.any', true, '1 of 2 hold, at least one needed'],
        ['conditions.not.b', true, 'b is 1, equal to 1'],
        ['conditions.not', false, 'what must not hold holds'],
      ],
    )
  })

  it('shortens what is long and survives what is deep', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 50_000; level++) deep = [deep]
    const { explain, test } = compiled({ long: '== a', deep: 'contains x', wide: 'contains x' })
    const data = { long: 'y'.repeat(100_000), deep, wide: Array.from({ length: 1000 }, () => 'z') }
    assert.equal(test(data), false)
    for (const { why } of explain(data).steps.map(worded)) assert.ok(why.length < 1000, why)
  })
})

describe('whatever comes', () => {
  const operatorNames = ['>', '<', '>=', '<=', '==', '!=', 'in', 'not_in', 'contains', 'matches', 'exists', 'cidr']
  const anyValue = fc.oneof(fc.anything({ withBigInt: true, withDate: true, withMap: true }), fc.jsonValue())
  const likelyConditions = fc.letrec((tie) => ({
    group: fc.oneof(
      { maxDepth: 3 },
      fc.dictionary(fc.constantFrom('a', 'b', 'a.b', '__proto__', ''), tie('condition'), { maxKeys: 3 }),
      fc.record({ any: fc.array(tie('group'), { maxLength: 3 }) }),
      fc.record({ all: fc.array(tie('group'), { maxLength: 3 }) }),
      fc.record({ not: tie('group') }),
    ),
    condition: fc.oneof(
      fc.record({ operator: fc.constantFrom(...operatorNames), value: fc.jsonValue() }),
      fc.dictionary(fc.constantFrom(...operatorNames), fc.jsonValue(), { maxKeys: 2 }),
      fc
        .tuple(fc.constantFrom(...operatorNames), fc.jsonValue())
        .map(([name, value]) => `${name} ${JSON.stringify(value)}`),
      fc.jsonValue(),
    ),
  })).group
  const data = fc.oneof(
    fc.dictionary(fc.constantFrom('a', 'b', 'a.b'), fc.oneof(fc.jsonValue(), anyValue)),
    fc.record({ a: fc.record({ b: fc.jsonValue() }) }),
    anyValue,
  )

  it('compiling never throws, and a refusal names its place', () => {
    fc.assert(
      fc.property(fc.oneof(anyValue, likelyConditions), (conditions) => {
        const result = compileConditions(conditions)
        return result.ok || conditionSaid(result).message.startsWith(`${result.path}: `)
      }),
      { numRuns: 500 },
    )
  })

  it('testing never throws, and explain gives the same verdict', () => {
    let taken = 0
    fc.assert(
      fc.property(likelyConditions, data, (conditions, event) => {
        const result = compileConditions(conditions)
        if (!result.ok) return true
        taken++
        return result.test(event) === result.explain(event).passed
      }),
      { numRuns: 1000 },
    )
    assert.ok(taken > 50, `only ${taken} conditions could be tried`)
  })

  it('the text form of a refused bare value is accepted and equals it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
        (value) => {
          const refused = compileConditions({ f: value })
          // A text may happen to begin with an operator, and a long one is not repeated whole.
          if (refused.ok || (typeof value === 'string' && value.length > 100)) return true
          const advice = / or ("== .*")$/s.exec(conditionSaid(refused).message)?.[1]
          return advice === undefined || compiled({ f: JSON.parse(advice) }).test({ f: value })
        },
      ),
      { numRuns: 500 },
    )
  })
})
