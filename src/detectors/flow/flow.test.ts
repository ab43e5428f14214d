import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { conn, failed } from '../../../test/fixtures/zeek-records.ts'
import { calibrate, heldBelow, shareAt } from './calibration.ts'
import { FEATURE_COUNT, FEATURE_NAMES } from './flow-features.ts'
import { flowModelFile, flowModelOf, readFlowModel } from './flow-model.ts'
import { reasonsOf } from './flow-reasons.ts'
import { kindOf } from './flow-suspects.ts'
import { createFlowWindows, featureRow } from './flow-windows.ts'
import { contributionsOf, createScorer, isSound, scoreOf } from './forest.ts'
import { createSeeded, GROWING, growForest } from './grow-forest.ts'

const TRENDS = Int8Array.of(1, 0, 0)
const SMALL = { ...GROWING, trees: 20, leastWeight: 1 }

/** Rows of three features: the first decides, mostly; the others are noise. */
const examples = (seed: number, size = 600) => {
  const random = createSeeded(seed)
  const rows = Float32Array.from({ length: size * 3 }, () => random() * 10)
  const labels = Uint8Array.from({ length: size }, (_, row) => (rows[row * 3]! + random() * 2 > 6 ? 1 : 0))
  return { rows, labels, weights: new Float32Array(size).fill(1) }
}

describe('trees', () => {
  it('are the same for the same examples and seed, and others for another seed', () => {
    const [one, again, other] = [7, 7, 8].map((seed) => growForest(examples(1), TRENDS, { ...SMALL, seed }))
    assert.deepEqual(one, again)
    assert.notDeepEqual(one, other)
  })

  it('find what decides, and never fall where more may only raise', () => {
    const forest = growForest(examples(2), TRENDS, SMALL)
    assert.ok(isSound(forest, 3))
    const fast = createScorer(forest)
    assert.ok(scoreOf(forest, [9, 5, 5]) > 1 && scoreOf(forest, [1, 5, 5]) < -1)
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 15, noNaN: true }), { minLength: 4, maxLength: 4 }),
        ([a, b, c, d]) => {
          const [low, high] = [Math.min(a!, d!), Math.max(a!, d!)]
          assert.equal(fast(Float32Array.of(low, b!, c!)), scoreOf(forest, Float32Array.of(low, b!, c!)))
          assert.ok(scoreOf(forest, [low, b!, c!]) <= scoreOf(forest, [high, b!, c!]) + 1e-6)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('say what each feature added: with bias and roots it is the score', () => {
    const forest = growForest(examples(3), TRENDS, SMALL)
    const row = [7, 2, 9]
    const roots = forest.roots.reduce((sum, root) => sum + forest.values[root]!, 0)
    const added = contributionsOf(forest, row, 3).reduce((sum, one) => sum + one, 0)
    assert.ok(Math.abs(forest.bias + roots + added - scoreOf(forest, row)) < 1e-4)
  })
})

describe('calibration', () => {
  const judged = fc.array(
    fc.record({
      score: fc.integer({ min: -900, max: 900 }).map((score) => score / 100),
      malicious: fc.boolean(),
      weight: fc.double({ min: 0.01, max: 5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 200 },
  )

  it('never says less of a higher score, and holds what lies below a floor', () => {
    fc.assert(
      fc.property(judged, fc.double({ min: -5, max: 5, noNaN: true }), (all, floor) => {
        for (const calibration of [calibrate(all), heldBelow(calibrate(all), floor, 0.8)]) {
          let before = 0
          for (let score = -10; score <= 10; score += 0.5) {
            const share = shareAt(calibration, score)
            assert.ok(share >= before && share <= 1)
            before = share
          }
        }
        assert.ok(shareAt(heldBelow(calibrate(all), floor, 0.8), floor - 0.01) < 0.8)
        assert.ok(shareAt(heldBelow(calibrate(all), floor, 0.8), floor) >= 0.8)
      }),
      { numRuns: 100 },
    )
  })
})

describe('features', () => {
  const text = fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1', '', '__proto__', '203.0.113.4')
  const record = fc
    .record({
      at: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      clientIp: text,
      serverIp: text,
      serverPort: fc.nat(),
      proto: text,
      history: text,
      durationMs: fc.nat(),
    })
    .map(({ at, ...fields }) => conn(at, fields))

  it('are numbers whatever comes, and the same again', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (all) => {
        const rows = [1, 2].map(() => {
          const windows = createFlowWindows()
          const row = featureRow()
          return all.map((one) => {
            windows.look(one, row)
            return [...row]
          })
        })
        assert.deepEqual(rows[0], rows[1])
        assert.ok(rows[0]!.flat().every(Number.isFinite))
      }),
      { numRuns: 20 },
    )
  })

  it('do not know addresses: the same traffic elsewhere is the same', () => {
    const rows = [
      ['10.0.0.5', '203.0.113.'],
      ['2001:db8::5', '2001:db8:9::'],
    ].map(([clientIp, net]) => {
      const windows = createFlowWindows()
      const row = featureRow()
      for (let at = 0; at < 50; at++)
        windows.look(failed(at, { clientIp: clientIp!, serverIp: `${net}${at}`, serverPort: 23 }), row)
      return [...row]
    })
    assert.deepEqual(rows[0], rows[1])
    assert.equal(kindOf(Float32Array.from(rows[0]!)), 'scan')
  })
})

describe('a model', () => {
  const forest = growForest(
    {
      rows: new Float32Array(40 * FEATURE_COUNT),
      labels: new Uint8Array(40).fill(1, 20),
      weights: new Float32Array(40).fill(1),
    },
    new Int8Array(FEATURE_COUNT),
    SMALL,
  )
  const figures = {
    capture: 'a',
    malicious: 1,
    benign: 1,
    f1: 1,
    precision: 1,
    recall: 1,
    false_rate: 0,
    port_rule: 0,
    silent_rule: 0,
    inward_rule: 0,
  }
  const file = flowModelFile(
    forest,
    { scores: [0], shares: [0.5] },
    { seed: 1, captures: [], made: 0, feedback: 0, left_out: [figures], reliability: [] },
  )
  const errorOf = (value: unknown): string => {
    const model = flowModelOf(value)
    return 'error' in model ? model.error : 'taken'
  }

  it('is taken as it was written, through JSON', () => {
    assert.equal(errorOf(JSON.parse(JSON.stringify(file))), 'taken')
  })

  it('is refused where it was changed, comes from a newer version or another set of features, or has no card', () => {
    assert.match(errorOf({ ...file, calibration: { scores: [0], shares: [0.9] } }), /checksum/)
    assert.match(errorOf({ ...file, forest: { ...file.forest, values: file.forest.values.slice(4) } }), /checksum/)
    assert.match(errorOf({ ...file, format: 2 }), /newer/)
    assert.match(errorOf({ kind: 'other' }), /no model/)
    assert.match(errorOf(undefined), /no model/)
    const other = flowModelFile(forest, { scores: [0], shares: [0.5] }, { ...file.card, left_out: [] })
    assert.match(errorOf(other), /card/)
  })

  it('comes with the product, and gives reasons', () => {
    const model = readFlowModel()
    assert.ok(!('error' in model), 'error' in model ? model.error : '')
    const windows = createFlowWindows()
    const row = featureRow()
    for (let at = 0; at < 60; at++) windows.look(failed(at, { serverIp: `203.0.113.${at}`, serverPort: 23 }), row)
    assert.ok(
      model.confidence(scoreOf(model.forest, row)) >= 0.8,
      [...row].map((value, index) => `${FEATURE_NAMES[index]}=${value}`).join(' '),
    )
    assert.equal(reasonsOf(model.forest, row).length, 3)
  })

  it('says which file it is that cannot be read', () => {
    const model = readFlowModel('/nonexistent/model.json')
    assert.deepEqual(model, { error: '/nonexistent/model.json: no such file' })
  })
})
