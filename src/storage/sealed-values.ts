import type { Database } from './database.ts'

const KEY_ID = /sealed:1:([0-9a-f]{12}):/g

/** What the store holds sealed, by the keys that sealed it. */
export const createSealedValues = (db: Database) => ({
  /** Ids of the keys that open what is in use: channels, monitors, second factors, and the server's own keys. */
  keyIds: async (): Promise<ReadonlySet<string>> => {
    const like = '%sealed:1:%'
    const channels = db.selectFrom('channels').select('spec as text').where('removed_at', 'is', null)
    const monitors = db.selectFrom('monitors').select('spec as text').where('removed_at', 'is', null)
    const users = db.selectFrom('users').select('totp_secret as text')
    const settings = db.selectFrom('settings').select('value as text')
    const rows = [
      ...(await channels.where('spec', 'like', like).execute()),
      ...(await monitors.where('spec', 'like', like).execute()),
      ...(await users.where('totp_secret', 'like', like).execute()),
      ...(await settings.where('value', 'like', like).execute()),
    ]
    return new Set(rows.flatMap(({ text }) => [...(text ?? '').matchAll(KEY_ID)].map(([, id]) => id!)))
  },
})
