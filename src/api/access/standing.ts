import type { FastifyRequest } from 'fastify'
import type { Actor } from '#core/who/actor.ts'
import { mayAct } from '#core/who/role.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Identities } from '#operations/access/identities.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * For an answer that goes on: `end` is called once, as soon as who asked may no longer read it. Returns what is to
     * be called when the answer ends by itself.
     */
    whileAllowed(request: FastifyRequest, end: () => void): () => void
  }
  interface FastifyRequest {
    /** Session or token by which somebody asks, as it was sent. */
    shown: string | null
  }
}

/** A change by another process, and an end by the clock, are seen after this long beside what identities remember. */
const LOOK_EVERY_MS = 2000

interface Standing {
  readonly actor: Actor
  /** Session or token as it was sent. */
  readonly token: string
  readonly end: () => void
}

/**
 * Answers that outlive the question who asks: the same is asked again after every change of users, sessions and tokens,
 * and every other second. A new role ends them as well; whoever still may comes back as what they are now.
 */
export const createStanding = (identities: Pick<Identities, 'look' | 'onForget'>, timers: Timers) => {
  const standing = new Set<Standing>()
  let timer: Timer | undefined

  const isAllowed = async ({ kind, role }: Actor, token: string): Promise<boolean> => {
    try {
      const now = await identities.look(kind, token)
      return now?.role === role && mayAct(now.role, 'viewer')
    } catch {
      // Nobody was sent away because the store did not answer.
      return true
    }
  }

  const lookAgain = async () => {
    // Thousands of pages may be one person's, or one token's.
    for (const group of Map.groupBy(standing, ({ actor, token }) => `${actor.kind} ${token}`).values()) {
      const [{ actor, token }] = group as [Standing]
      if (await isAllowed(actor, token)) continue
      for (const one of group) if (standing.delete(one)) one.end()
    }
  }

  identities.onForget(() => void lookAgain())

  return {
    /** Remembers by what somebody asked. */
    note: (request: FastifyRequest, token: string) => {
      request.shown = token
    },
    whileAllowed: (request: FastifyRequest, end: () => void): (() => void) => {
      const token = request.shown
      if (!request.actor || token === null) return () => {}
      const one = { actor: request.actor, token, end }
      standing.add(one)
      if (timer === undefined) {
        timer = timers.every(LOOK_EVERY_MS, lookAgain)
        timer.unref()
      }
      return () => {
        standing.delete(one)
        if (standing.size > 0) return
        timers.clear(timer)
        timer = undefined
      }
    },
    close: () => timers.clear(timer),
  }
}
