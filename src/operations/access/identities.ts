import { hashToken } from '#auth/session-token.ts'
import type { Actor } from '#core/who/actor.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Storage } from '#storage/index.ts'

/** A session lasts this long after its last use. */
export const SESSION_MS = 30 * 86_400_000

/** A change by another process is seen after this long at most; one by this process at once. */
const FRESH_MS = 8000
const MOST = 10_000
/** How exact the time of the last use is. */
const TOUCH_MS = 60_000

interface Identity {
  readonly actor: Actor
  readonly expiresAt: number | null
  readonly readAt: number
  lastUsedAt: number
}

export interface Identities {
  /** Who has this session; `renewed` when it has just been prolonged and the browser should know. */
  session(token: string): Promise<{ readonly actor: Actor; readonly renewed: boolean } | undefined>
  /** Which program has this token. */
  token(token: string): Promise<Actor | undefined>
  /** The same at once where it is remembered; undefined says nothing. */
  remembered(token: string): Actor | undefined
  /** Who has this session or token at present; it does not count as a use. */
  look(kind: Actor['kind'], token: string): Promise<Actor | undefined>
  /** Call it after every change of a user, a session or a token. */
  forget(): void
  /** Hears of each such change, after it. */
  onForget(listener: () => void): void
}

/** Finds out who asks, and remembers it for some seconds: the database is not read for each request. */
export const createIdentities = (
  { storage, clock }: { readonly storage: Storage; readonly clock: Clock },
  onTrouble: (error: unknown) => void,
): Identities => {
  const known = new Map<string, Identity>()
  const listeners: (() => void)[] = []
  let generation = 0

  const readSession = async (hash: string): Promise<Identity | undefined> => {
    const readAt = clock.monotonic()
    const found = await storage.sessions.open(hash, clock.now())
    if (!found) return undefined
    const { id, userId, name, role, language, lastUsedAt, expiresAt } = found
    const actor: Actor = { kind: 'user', id: userId, name, role, sessionId: id, ...(language && { language }) }
    return { actor, expiresAt, readAt, lastUsedAt }
  }

  const readToken = async (hash: string): Promise<Identity | undefined> => {
    const readAt = clock.monotonic()
    const found = await storage.tokens.valid(hash, clock.now())
    if (!found) return undefined
    const { id, name, role, expiresAt, lastUsedAt } = found
    return { actor: { kind: 'token', id, name, role }, expiresAt, readAt, lastUsedAt: lastUsedAt ?? 0 }
  }

  const recall = (key: string): Identity | undefined => {
    const cached = known.get(key)
    const fresh = cached && clock.monotonic() - cached.readAt < FRESH_MS
    return fresh && (cached.expiresAt === null || cached.expiresAt > clock.now()) ? cached : undefined
  }

  const find = async (key: string, read: () => Promise<Identity | undefined>): Promise<Identity | undefined> => {
    const cached = recall(key)
    if (cached) return cached
    known.delete(key)
    const before = generation
    const identity = await read()
    // What was read before a revocation is not remembered after it.
    if (identity && before === generation) {
      if (known.size >= MOST) known.clear()
      known.set(key, identity)
    }
    return identity
  }

  /** True when this use is one to be written down; who asks does not wait for that. */
  const used = (identity: Identity, touch: (now: number) => Promise<void>): boolean => {
    const now = clock.now()
    if (now - identity.lastUsedAt < TOUCH_MS) return false
    identity.lastUsedAt = now
    touch(now).catch(onTrouble)
    return true
  }

  const useToken = (identity: Identity): Actor => {
    used(identity, (now) => storage.transaction(({ tokens }) => tokens.touch(identity.actor.id, now)))
    return identity.actor
  }

  return {
    session: async (token) => {
      const hash = hashToken(token)
      const identity = await find(`session ${hash}`, () => readSession(hash))
      if (!identity) return undefined
      const renewed = used(identity, (now) =>
        storage.transaction(({ sessions }) => sessions.touch(identity.actor.sessionId!, now, now + SESSION_MS)),
      )
      return { actor: identity.actor, renewed }
    },
    token: async (token) => {
      const hash = hashToken(token)
      const identity = await find(`token ${hash}`, () => readToken(hash))
      return identity && useToken(identity)
    },
    remembered: (token) => {
      const identity = recall(`token ${hashToken(token)}`)
      return identity && useToken(identity)
    },
    look: async (kind, token) => {
      const hash = hashToken(token)
      const identity = await (kind === 'user'
        ? find(`session ${hash}`, () => readSession(hash))
        : find(`token ${hash}`, () => readToken(hash)))
      return identity?.actor
    },
    forget: () => {
      generation++
      known.clear()
      for (const listener of listeners) listener()
    },
    onForget: (listener) => listeners.push(listener),
  }
}
