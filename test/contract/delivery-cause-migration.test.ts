import assert from 'node:assert/strict'
import { it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { Attempt } from '#core/message/attempt.ts'
import type { Storage } from '#storage/index.ts'
import { inBothPlaces, type Place } from '../fixtures/both-engines.ts'
import { someFacts } from '../fixtures/some-facts.ts'

/** What takes back the step that is tried. */
const BEFORE = [
  "delete from migrations where name = '0032-delivery-causes'",
  ...['attempts', 'notifications'].flatMap((table) =>
    ['cause_code', 'cause_facts'].map((column) => `alter table ${table} drop column ${column}`),
  ),
]

const failed = (changes: Partial<Attempt>): Attempt => ({
  at: 2000,
  durationMs: 5,
  ok: false,
  code: null,
  failure: 'bad_configuration',
  error: null,
  response: null,
  ...changes,
})

const GONE = failed({ error: 'the channel was removed or is disabled', cause: because('channel_gone') })
const REFUSED = failed({
  failure: 'recipient_refused',
  error: 'a@x.example was refused: {recipient} $1; b@x.example was refused: 450 later',
  cause: because('recipients_refused', {
    each: [
      because('recipient_refused', { recipient: 'a@x.example', answer: '{recipient} $1' }),
      because('recipient_refused', { recipient: 'b@x.example', answer: '450 later' }),
    ],
  }),
})

const suite = (placeOf: () => Promise<Place | { readonly skip: string }>) => {
  it('keeps its sentences, knows which channels were gone, and stores causes from then on', async (context) => {
    const place = await placeOf()
    if ('skip' in place) return context.skip(place.skip)
    const older = await place.open()
    const spec = { name: 'one', type: 'webhook', options: {}, enabled: true, origin: 'vigia.yaml:1' }
    const channelId = await older.channels.save(spec, 1)
    const ofEnd = { channelId, alertId: null, reason: 'resolved', payload: someFacts(), createdAt: 1000 } as const
    const ids = await older.notifications.insert([ofEnd, ofEnd, ofEnd])
    const [gone, refused, later] = ids as [number, number, number]
    const settle = (storage: Storage, id: number, attempt: Attempt) =>
      storage.notifications.settle([{ id, attempt, after: { status: 'failed' }, reference: null }])
    await settle(older, gone, GONE)
    await settle(older, refused, REFUSED)
    await older.close()
    await place.run(BEFORE)

    const storage = await place.open()
    try {
      const { notifications } = storage
      const { cause: _, ...sentenceAlone } = REFUSED
      assert.deepEqual(await notifications.attemptsOf(refused), [sentenceAlone])
      assert.equal((await notifications.byId(refused))?.cause, undefined)
      assert.deepEqual((await notifications.byId(gone))?.cause, GONE.cause)
      const missed = await notifications.missedEnds([channelId], 0)
      assert.deepEqual(
        missed.map(({ id }) => id),
        [gone],
      )

      await settle(storage, later, REFUSED)
      assert.deepEqual(await notifications.attemptsOf(later), [REFUSED])
      const { error, cause } = (await notifications.byId(later))!
      assert.deepEqual([error, cause], [REFUSED.error, REFUSED.cause])
      const [logged] = await storage.deliveryLog.list({ since: 0, limit: 1 })
      assert.deepEqual([logged?.error, logged?.cause], [REFUSED.error, REFUSED.cause])
    } finally {
      await storage.close()
    }
  })
}

inBothPlaces('a store of the version before causes of deliveries', suite)
