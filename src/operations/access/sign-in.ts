import { placeOf, withPlace } from '#auth/known-places.ts'
import { hashPassword, needsRehash, verifyPassword } from '#auth/password.ts'
import { useRecoveryCode } from '#auth/recovery-codes.ts'
import { newToken } from '#auth/session-token.ts'
import { createSignInThrottle } from '#auth/sign-in-throttle.ts'
import { verifyTotp } from '#auth/totp.ts'
import { lazily } from '#lib/run/lazily.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { User } from '#storage/users.ts'
import { changed, type Operate } from '../operation.ts'
import { isUserName } from './accounts.ts'
import type { FailedSignIns } from './failed-sign-ins.ts'
import { SESSION_MS } from './identities.ts'

/** Facts of a browser that a session keeps. */
export interface Browser {
  readonly address: string
  readonly userAgent: string
}

export interface Credentials {
  readonly name: string
  readonly password: string
  /** Of an app, or a recovery code; empty without a second factor. */
  readonly code: string
}

export type SignedIn =
  /** `token` goes into the cookie. */
  | { readonly ok: true; readonly token: string }
  /** An unknown name, a wrong password and a wrong code are all `wrong`. */
  | { readonly ok: false; readonly reason: 'wrong' | 'code_needed' }
  | { readonly ok: false; readonly reason: 'locked'; readonly retryAfterMs: number }

interface SignInDeps {
  readonly operate: Operate
  readonly storage: Storage
  readonly clock: Clock
  readonly sealer: () => Sealer
  readonly failed: Pick<FailedSignIns, 'note'>
}

export type PasswordCheck = { readonly ok: true } | Exclude<SignedIn, { ok: true }>

type Factor = 'none' | 'totp' | 'recovery_code'

const AGENT_KEPT = 300

/** Signs people in. Guessing is slowed down per account and per address. */
export const createSignIn = ({ operate, storage, clock, sealer, failed }: SignInDeps) => {
  const throttle = createSignInThrottle()

  /** One attempt; where others have locked the account, also from an address that it knows. */
  const attemptOf = async (name: string, address: string, find: () => Promise<User | undefined>) => {
    const attempt = throttle.attempt(name, address, clock.monotonic())
    if (attempt.allowed || !attempt.accountOnly) return attempt
    const user = await find()
    const known = user?.knownPlaces.includes(placeOf(user, address))
    return known ? throttle.attemptFromKnown(name, address, clock.monotonic()) : attempt
  }

  /** The second factor that the code was; undefined when it was none. */
  const factorOf = async (user: User, code: string): Promise<Factor | undefined> => {
    if (user.totpSecret === null) return 'none'
    const secret = sealer().open(user.totpSecret)
    // A secret whose key is gone opens no more; the recovery codes still do.
    const totp = secret.ok ? verifyTotp(secret.value, code, clock.now(), user.totpLastStep) : undefined
    if (totp?.ok)
      return (await storage.transaction(({ users }) => users.useTotpStep(user.id, totp.step))) ? 'totp' : undefined
    const left = useRecoveryCode(code, user.recoveryCodes)
    const used =
      left && (await storage.transaction(({ users }) => users.useRecoveryCode(user.id, user.recoveryCodes, left)))
    return used ? 'recovery_code' : undefined
  }

  /** Opens a session for who has shown to be this user; returns its token. */
  const open = async (user: Pick<User, 'id' | 'name'>, browser: Browser, factor: Factor): Promise<string> => {
    const { address, userAgent } = browser
    const { token, hash } = newToken()
    await operate({ actor: `user:${user.name}`, name: user.name, address }, async ({ sessions }, at) => {
      await sessions.removeExpired(at)
      const times = { createdAt: at, lastUsedAt: at, expiresAt: at + SESSION_MS }
      const session = { userId: user.id, address, userAgent: userAgent.slice(0, AGENT_KEPT), ...times }
      const objectId = await sessions.insert(session, hash)
      const details = { second_factor: factor }
      return changed(undefined, { action: 'sign_in', object: 'session', objectId, details })
    })
    return token
  }

  return {
    open,

    signIn: async ({ name, password, code }: Credentials, browser: Browser): Promise<SignedIn> => {
      const { address } = browser
      const normal = name.normalize('NFKC').trim()
      const find = lazily(async () => (isUserName(normal) ? storage.users.byName(normal) : undefined))
      const attempt = await attemptOf(name, address, find)
      const user = attempt.allowed || attempt.accountOnly ? await find() : undefined
      if (!attempt.allowed) {
        await failed.note({ user, address, reason: 'locked' })
        return { ok: false, reason: 'locked', retryAfterMs: attempt.retryAfterMs }
      }
      const wrong = async () => {
        await failed.note({ user, address, reason: 'wrong' })
        return { ok: false, reason: 'wrong' } as const
      }
      const right = await verifyPassword(password, user?.password)
      if (!user || !right || !user.enabled) return wrong()
      if (user.totpSecret !== null && code === '') return { ok: false, reason: 'code_needed' }
      const factor = await factorOf(user, code)
      if (!factor) return wrong()
      attempt.succeeded()
      const hash = needsRehash(user.password) ? await hashPassword(password) : user.password
      if (hash !== user.password) await storage.transaction(({ users }) => users.change(user.id, { password: hash }))
      const places = withPlace(user.knownPlaces, placeOf({ password: hash }, address))
      if (places[0] !== user.knownPlaces[0])
        await storage.transaction(({ users }) => users.rememberPlaces(user.id, places))
      return { ok: true, token: await open(user, browser, factor) }
    },

    /** Asks for the password again before something that a stolen session must not do. */
    confirm: async (user: User, password: string, address: string): Promise<PasswordCheck> => {
      const attempt = await attemptOf(user.name, address, async () => user)
      if (!attempt.allowed) {
        await failed.note({ user, address, reason: 'locked' })
        return { ok: false, reason: 'locked', retryAfterMs: attempt.retryAfterMs }
      }
      if (!(await verifyPassword(password, user.password))) {
        await failed.note({ user, address, reason: 'wrong' })
        return { ok: false, reason: 'wrong' }
      }
      attempt.succeeded()
      return { ok: true }
    },
  }
}

export type SignIn = ReturnType<typeof createSignIn>
