import { parseAddress, unmapped } from '#lib/net/cidr.ts'

export interface ThrottleOptions {
  /** Failures of one account before it is locked. */
  readonly accountFailures: number
  /** Failures from one address before it is locked: several people may share it. */
  readonly addressFailures: number
  /** First lock; each further failure doubles it. */
  readonly firstLockMs: number
  readonly longestLockMs: number
  /** Failures are forgotten after this time without another. */
  readonly forgetAfterMs: number
  /** Accounts, and addresses, remembered at once. */
  readonly most: number
}

type SignInAttempt =
  /** Call `succeeded` once all factors were right; otherwise the attempt stays counted as a failure. */
  | { readonly allowed: true; succeeded(): void }
  | {
      readonly allowed: false
      readonly retryAfterMs: number
      /** Only the account is locked: who signed in from there before may ask `attemptFromKnown`. */
      readonly accountOnly: boolean
    }

export interface SignInThrottle {
  attempt(account: string, address: string, now: number): SignInAttempt
  /**
   * The same from an address from which the account was signed in to before: what others fail at elsewhere does not lock
   * it out. It has as many failures of its own, and a success there opens the account to nobody else.
   */
  attemptFromKnown(account: string, address: string, now: number): SignInAttempt
}

interface Tally {
  readonly failures: number
  readonly lastAt: number
  readonly lockedUntil: number
}

const DEFAULTS: ThrottleOptions = {
  accountFailures: 5,
  addressFailures: 20,
  firstLockMs: 30_000,
  longestLockMs: 900_000,
  forgetAfterMs: 3_600_000,
  most: 10_000,
}
const LONGEST_ACCOUNT = 200

/** Whoever has one IPv6 address has its whole /64, so that is what counts. */
export const addressKey = (address: string): string => {
  const parsed = parseAddress(address)
  if (!parsed) return address.slice(0, LONGEST_ACCOUNT)
  const { family, value } = unmapped(parsed)
  return `${family}:${family === 4 ? value : value >> 64n}`
}

/** Failures by key, the longest unseen first; bounded, and a locked key is the last to be forgotten. */
const createLedger = (free: number, options: ThrottleOptions) => {
  const records = new Map<string, Tally>()

  const makeRoom = (now: number) => {
    if (records.size <= options.most) return
    let looked = 0
    for (const [key, record] of records) {
      if (record.lockedUntil <= now) return void records.delete(key)
      // Looking further would make an attempt dear; the oldest lock goes.
      if (++looked === 100) break
    }
    records.delete(records.keys().next().value!)
  }

  const current = (key: string, now: number): Tally | undefined => {
    const record = records.get(key)
    if (!record || now - record.lastAt < options.forgetAfterMs) return record
    records.delete(key)
    return undefined
  }

  return {
    lockedFor: (key: string, now: number): number => Math.max(0, (current(key, now)?.lockedUntil ?? 0) - now),
    /** Counts a failure; returns what takes it back. */
    fail: (key: string, now: number): (() => void) => {
      const before = current(key, now)
      const failures = (before?.failures ?? 0) + 1
      const lock =
        failures < free ? 0 : Math.min(options.firstLockMs * 2 ** Math.min(failures - free, 30), options.longestLockMs)
      const counted: Tally = { failures, lastAt: now, lockedUntil: now + lock }
      records.delete(key)
      records.set(key, counted)
      makeRoom(now)
      return () => {
        const after = records.get(key)
        if (after === counted && before) records.set(key, before)
        else if (after === counted) records.delete(key)
        // Others failed meanwhile: their lock stays, else a success beside each guess would open it.
        else if (after) records.set(key, { ...after, failures: Math.max(0, after.failures - 1) })
      }
    },
    clear: (key: string) => {
      records.delete(key)
    },
  }
}

/**
 * Slows guessing down, per account and per address, whether the account exists or not. An attempt counts as failed from
 * its beginning, so that many at the same moment cannot pass together. Pure: the caller brings the time, in ms.
 */
export const createSignInThrottle = (changes: Partial<ThrottleOptions> = {}): SignInThrottle => {
  const options = { ...DEFAULTS, ...changes }
  const accounts = createLedger(options.accountFailures, options)
  const addresses = createLedger(options.addressFailures, options)
  const pairs = createLedger(options.accountFailures, options)
  const nameOf = (account: string) => account.normalize('NFKC').toLowerCase().slice(0, LONGEST_ACCOUNT)

  const attemptIn = (
    ledger: ReturnType<typeof createLedger>,
    key: string,
    place: string,
    now: number,
  ): SignInAttempt => {
    const [ofAccount, ofAddress] = [ledger.lockedFor(key, now), addresses.lockedFor(place, now)]
    const retryAfterMs = Math.max(ofAccount, ofAddress)
    if (retryAfterMs > 0) return { allowed: false, retryAfterMs, accountOnly: ofAddress === 0 }
    ledger.fail(key, now)
    const forgive = addresses.fail(place, now)
    return {
      allowed: true,
      succeeded: () => {
        ledger.clear(key)
        forgive()
      },
    }
  }

  return {
    attempt: (account, address, now) => attemptIn(accounts, nameOf(account), addressKey(address), now),
    attemptFromKnown: (account, address, now) => {
      const place = addressKey(address)
      return attemptIn(pairs, `${place} ${nameOf(account)}`, place, now)
    },
  }
}
