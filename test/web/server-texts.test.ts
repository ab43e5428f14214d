import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { deliverySchema } from '#core/message/channel-entry.ts'
import { ERROR_CODES } from '#core/result/result.ts'
import { serverSettingsSchema } from '#core/server-settings.ts'
import { probeTypes } from '#probes/index.ts'
import { SPANISH } from '../../web/src/i18n/server-texts-es.ts'
import { codes } from '../../web/src/i18n/texts/codes.ts'

/** Every title and description in a schema, however deep. */
const textsOf = (schema: unknown): readonly string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) => {
    const own = (key === 'title' || key === 'description') && typeof value === 'string' && value !== ''
    return own ? [value] : textsOf(value)
  })
}

describe('words of the server on the page', () => {
  const types = [...probeTypes.values(), ...channelTypes.values()]
  for (const { name, title, options } of types)
    it(`has Spanish for the form of ${name}`, () => {
      assert.deepEqual(
        [title, ...textsOf(options)].filter((text) => !(text in SPANISH)),
        [],
      )
    })

  it('has Spanish for the fields of a monitor, of a channel and of the settings', () => {
    const texts = [...textsOf(monitorEntrySchema), ...textsOf(deliverySchema), ...textsOf(serverSettingsSchema)]
    assert.deepEqual(
      texts.filter((text) => !(text in SPANISH)),
      [],
    )
  })

  it('says every code of a failed probe', () => {
    assert.deepEqual(
      ERROR_CODES.filter((code) => !(code in codes.en)),
      [],
    )
  })
})
