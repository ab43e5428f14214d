import type { FastifyRequest } from 'fastify'
import type { Language } from '#core/message.ts'
import type { Role } from '#core/role.ts'

/** Who asks: a person with a session, or a program with a token. */
export interface Actor {
  readonly kind: 'user' | 'token'
  readonly id: number
  readonly name: string
  readonly role: Role
  /** The session of a person. */
  readonly sessionId?: number
  readonly language?: Language
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers anybody. */
    public?: boolean
    /** The least role that may; by default viewer to read and operator to change. */
    role?: Role
  }
  interface FastifyRequest {
    /** Null on a public route. */
    actor: Actor | null
  }
}

/** Who asks, on a route that is not public. */
export const actorOf = (request: FastifyRequest): Actor => {
  if (!request.actor) throw new Error(`${request.url} is public: nobody is known there`)
  return request.actor
}

/** Who asks, by name, for what is kept of a change. */
export const actorName = (request: FastifyRequest): string => actorOf(request).name

/** Who did something, from where and when, as the audit log keeps it. */
export interface By {
  readonly actor: string
  readonly address: string | null
  readonly at: number
}

export const byOf = (request: FastifyRequest, at: number): By => {
  const { kind, name } = actorOf(request)
  return { actor: `${kind}:${name}`, address: request.ip, at }
}
