import { because } from '#core/cause/cause.ts'
import { defineChannel } from '#core/channel.ts'
import { Type } from '#lib/schema.ts'

/** Passes each message on to the channels of who is on duty at the moment at which it leaves. */
export const duty = defineChannel({
  name: 'duty',
  title: 'Who is on duty',
  'x-es': { title: 'Quien está de guardia' },
  audience: 'people',
  // What waits for one person keeps nobody else waiting.
  concurrency: 4,
  options: Type.Object(
    {
      lists: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        title: 'Duty lists',
        description: 'The first whose labels fit the alert is asked who is on duty; where none fits, the last',
        'x-es': {
          title: 'Listas de guardia',
          description:
            'Se pregunta a la primera cuyas etiquetas coinciden con la alerta; si ninguna coincide, a la última',
        },
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
      }),
    },
    { additionalProperties: false },
  ),
  describe: ({ lists }) => lists.join(' → '),
  passesOnTo: ({ lists }) => lists,
  withLists: (options, lists) => ({ ...options, lists: [...lists] }),
  send: async (_rendered, { lists }, { passOn }) =>
    passOn?.(lists) ?? {
      ok: false,
      kind: 'permanent',
      reason: 'bad_configuration',
      cause: because('duty_not_passed_on'),
    },
})
