import type { FastifyRequest } from 'fastify'
import type { Actor } from '#core/who/actor.ts'
import type { Role } from '#core/who/role.ts'

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
