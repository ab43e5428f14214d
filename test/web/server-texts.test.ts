import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { deliverySchema } from '#core/message/channel-entry.ts'
import { ERROR_CODES } from '#core/result/result.ts'
import { serverSettingsSchema } from '#core/server-settings.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createJobs, type JobDeps } from '#pipeline/clockwork/jobs.ts'
import { probeTypes } from '#probes/index.ts'
import { codes } from '../../web/src/i18n/texts/codes.ts'

const WORDS = ['title', 'description'] as const

/** English words in a schema, however deep, that have no Spanish beside them; a name of a property is none of them. */
const lacking = (schema: unknown, path: string): readonly string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const { 'x-es': spanish = {}, properties = {}, patternProperties = {}, ...own } = schema as Record<string, object>
  const here = WORDS.filter((word) => own[word] && !(spanish as Record<string, unknown>)[word])
  const within = Object.entries({ ...own, ...properties, ...patternProperties })
  return [
    ...here.map((word) => `${path}: ${word}`),
    ...within.flatMap(([name, one]) => lacking(one, `${path}.${name}`)),
  ]
}

describe('words of the server on the page', () => {
  for (const { name, title, 'x-es': spanish, options } of [
    ...probeTypes.values(),
    ...channelTypes.values(),
    ...detectorTypes.values(),
  ])
    it(`has Spanish for the form of ${name}`, () => {
      assert.deepEqual(lacking({ title, 'x-es': spanish, ...options }, name), [])
    })

  it('has Spanish for the fields of a monitor, of a channel and of the settings', () => {
    const schemas = { monitorEntrySchema, deliverySchema, serverSettingsSchema }
    assert.deepEqual(lacking(schemas, ''), [])
  })

  it('has Spanish for all periodic work', () => {
    const jobs = createJobs({} as JobDeps)
    assert.ok(jobs.length > 0)
    assert.deepEqual(lacking(jobs, ''), [])
  })

  it('finds words that stand in English alone', () => {
    const schema = { properties: { title: { description: 'Its name' }, days: { items: { title: 'Days' } } } }
    assert.deepEqual(lacking(schema, ''), ['.title: description', '.days.items: title'])
  })

  it('says every code of a failed probe', () => {
    assert.deepEqual(
      ERROR_CODES.filter((code) => !(code in codes.en)),
      [],
    )
  })
})
