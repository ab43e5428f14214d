import type { FastifyReply, FastifyRequest } from 'fastify'
import { isToken } from '#auth/session-token.ts'
import { SESSION_MS } from '#operations/access/identities.ts'

const NAME = 'vigia_session'

/** The session token that the browser sent; undefined when there is none of our form. */
export const sessionTokenOf = ({ headers }: FastifyRequest): string | undefined => {
  const cookies = headers.cookie?.split(';').map((cookie) => cookie.trim()) ?? []
  const token = cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1)
  return token !== undefined && isToken(token) ? token : undefined
}

/** Gives the browser its session; an empty token takes it away. */
export const setSessionCookie = (request: FastifyRequest, reply: FastifyReply, token: string): void => {
  const maxAge = token === '' ? 0 : SESSION_MS / 1000
  const secure = request.protocol === 'https' ? '; Secure' : ''
  reply.header('set-cookie', `${NAME}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`)
}
