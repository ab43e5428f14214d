import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readSource } from './read-source.ts'
import { fileSchema } from './schema.ts'
import { usedSchema } from './used-schema.ts'
import { validate } from './validate.ts'

const KEYS = [
  ...Object.keys(fileSchema.properties),
  'name',
  'type',
  'options',
  'target',
  'interval',
  'severity',
  'channels',
  'conditions',
  'labels',
  'monitor',
]

/** Anything that somebody may write in a file: mostly wrong, in the places of the schema. */
const written = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<unknown>('5m', 'HIGH', 'tcp', 'all', '', 0, 5, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('mapping'),
  ),
  mapping: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
})).mapping

const problems = (schema: (value: unknown) => typeof fileSchema, value: unknown) => {
  const read = readSource(JSON.stringify(value), 'vigia.yaml', undefined)
  assert.ok(read.ok)
  return validate(schema(read.source.value), read.source.value, [], read.source)
}

describe('the part of a schema that a value uses', () => {
  it('says of it what the whole schema says', () => {
    fc.assert(
      fc.property(written, (value) => {
        assert.deepEqual(
          problems((content) => usedSchema(fileSchema, content) as typeof fileSchema, value),
          problems(() => fileSchema, value),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('is made once for values that use the same', () => {
    const of = (value: object) => usedSchema(fileSchema, value)
    assert.equal(of({ monitors: [{ name: 'a' }] }), of({ monitors: [{ name: 'b' }, { name: 'c' }] }))
    assert.notEqual(of({ monitors: [{ name: 'a' }] }), of({ monitors: [{ name: 'a', type: 'tcp' }] }))
  })
})
