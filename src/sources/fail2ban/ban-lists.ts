import type { BanClient, BanListing, ListedBan } from '#core/ban/ban-client.ts'
import type { Cause } from '#core/cause/cause.ts'
import { readFail2banDatabase } from './database.ts'

export interface BanListsDeps {
  /** Of the source. */
  readonly name: string
  /** Absent: nobody is asked. */
  readonly client: BanClient | undefined
  /** fail2ban's `dbfile`, read when the client does not answer. */
  readonly database: string | undefined
  readonly wall: () => number
  readonly signal: AbortSignal
  /** For how long a jail bans, in seconds. */
  readonly onBantime: (jail: string, seconds: number) => void
  readonly onTrouble: (why: Cause) => void
  /** The client answers. */
  readonly onAnswer: () => void
}

/** What fail2ban itself says of its jails and of whom they keep out. */
export interface BanLists {
  /** Asks each jail for how long it bans. */
  bantimes(): Promise<void>
  /** Who is banned, by the client or else by the database; undefined when neither answers. */
  listing(): Promise<BanListing | undefined>
}

export const createBanLists = (deps: BanListsDeps): BanLists => {
  const { name, client, database, wall, signal, onBantime, onTrouble, onAnswer } = deps

  const askBantime = async (jail: string) => {
    const answer = await client!.bantime(jail)
    if (answer.ok) onBantime(jail, answer.value)
  }

  const byClient = async (): Promise<BanListing | undefined> => {
    const names = await client?.jails()
    if (!names?.ok) {
      if (names) onTrouble(names.why)
      return undefined
    }
    onAnswer()
    const jails: string[] = []
    const bans: ListedBan[] = []
    for (const jail of names.value) {
      if (signal.aborted) return undefined
      const listed = await client!.banned(jail)
      if (!listed.ok) continue
      await askBantime(jail)
      jails.push(jail)
      bans.push(...listed.value)
    }
    return { server: name, jails, allJails: names.value, bans }
  }

  const byDatabase = (): BanListing | undefined => {
    if (database === undefined) return undefined
    const listed = readFail2banDatabase(database, wall())
    if (listed.ok) return { server: name, jails: listed.jails, bans: listed.bans }
    onTrouble(listed.why)
    return undefined
  }

  return {
    bantimes: async () => {
      const names = await client?.jails()
      if (names?.ok) for (const jail of names.value) if (!signal.aborted) await askBantime(jail)
    },
    listing: async () => (await byClient()) ?? byDatabase(),
  }
}
