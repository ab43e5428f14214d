import type { FastifyInstance } from 'fastify'
import { changeUser, createUser, removeUser } from './accounts.ts'
import { byOf } from './actor.ts'
import { refusal, userAnswer } from './answers.ts'
import { IdParams, NewUser, UserAnswer, UserList, UserPatch } from './schemas.ts'
import type { AccessTools } from './tools.ts'

const config = { role: 'administrator' } as const

export const addUsersApi = (app: FastifyInstance, { storage, clock, identities }: AccessTools): void => {
  app.get('/users', { config, schema: { summary: 'List the accounts', response: { 200: UserList } } }, async () => ({
    items: (await storage.users.list()).map(userAnswer),
    next_cursor: null,
  }))

  app.post<{ Body: NewUser }>(
    '/users',
    { config, schema: { summary: 'Create an account', body: NewUser, response: { 201: UserAnswer } } },
    async (request, reply) => {
      const created = await createUser(storage, request.body, byOf(request, clock.now()))
      if (!created.ok) return refusal(reply, created)
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
      const changed = await changeUser(storage, id, request.body, byOf(request, clock.now()))
      identities.forget()
      if (!changed.ok) return refusal(reply, changed)
      return userAnswer((await storage.users.byId(id))!)
    },
  )

  app.delete<{ Params: IdParams }>(
    '/users/:id',
    { config, schema: { summary: 'Remove an account', params: IdParams } },
    async (request, reply) => {
      const removed = await removeUser(storage, request.params.id, byOf(request, clock.now()))
      identities.forget()
      return removed.ok ? reply.status(204).send() : refusal(reply, removed)
    },
  )
}
