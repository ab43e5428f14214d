import { newToken, tokenMatches } from '#auth/session-token.ts'

/** The one-time link of a server that has no user yet. Only the hash of its token is kept, and only in memory. */
export const createSetUpGate = () => {
  let hash: string | undefined
  return {
    /** A new link; an earlier one works no more. */
    link: (base: string): string => {
      const made = newToken()
      hash = made.hash
      return `${base.replace(/\/$/, '')}/setup?token=${made.token}`
    },

    accepts: (token: string): boolean => hash !== undefined && tokenMatches(token, hash),

    /** Uses the token up, so that two at once do not both pass. Call what it returns when nothing came of it. */
    take: (token: string): (() => void) | undefined => {
      const taken = hash
      if (taken === undefined || !tokenMatches(token, taken)) return undefined
      hash = undefined
      return () => {
        hash ??= taken
      }
    },
  }
}

export type SetUpGate = ReturnType<typeof createSetUpGate>
