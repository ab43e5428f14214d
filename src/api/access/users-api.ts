import type { FastifyInstance } from 'fastify'
import { refuse } from '../refuse.ts'
import { userAnswer } from './answers.ts'
import { byOf } from './by.ts'
import { IdParams, NewUser, UserAnswer, UserList, UserPatch } from './schemas.ts'
import type { AccessTools } from './tools.ts'

const config = { role: 'administrator' } as const

export const addUsersApi = (app: FastifyInstance, { storage, accounts, identities }: AccessTools): void => {
  app.get('/users', { config, schema: { summary: 'List the accounts', response: { 200: UserList } } }, async () => ({
    items: (await storage.users.list()).map(userAnswer),
    next_cursor: null,
  }))

  app.post<{ Body: NewUser }>(
    '/users',
    { config, schema: { summary: 'Create an account', body: NewUser, response: { 201: UserAnswer } } },
    async (request, reply) => {
      const created = await accounts.createUser(byOf(request), request.body)
      if (!created.ok) return refuse(reply, created.problem)
      return reply.status(201).send(userAnswer((await storage.users.byId(created.value))!))
    },
  )

  app.patch<{ Params: IdParams; Body: UserPatch }>(
    '/users/:id',
    {
      config,
      schema: { summary: 'Change an account', params: IdParams, body: UserPatch, response: { 200: UserAnswer } },
    },
    async (request, reply) => {
      const { id } = request.params
      const changed = await accounts.changeUser(byOf(request), id, request.body)
      identities.forget()
      if (!changed.ok) return refuse(reply, changed.problem)
      return userAnswer((await storage.users.byId(id))!)
    },
  )

  app.delete<{ Params: IdParams }>(
    '/users/:id',
    { config, schema: { summary: 'Remove an account', params: IdParams } },
    async (request, reply) => {
      const removed = await accounts.removeUser(byOf(request), request.params.id)
      identities.forget()
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )
}
