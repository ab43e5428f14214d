import type { FastifyInstance } from 'fastify'
import { codeFields } from '#core/cause/cause-fields.ts'
import { NOTIFICATION_STATUSES, type Notification, type NotificationStatus } from '#core/message/notification.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { byOf } from '../access/by.ts'
import { notFound } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { snakeKeys } from '../snake-keys.ts'
import { attemptView } from './explain-view.ts'
import { anId, idParams, listQuery, page } from './lists.ts'

const HOUR_MS = 3_600_000

export const notificationView = (notification: Notification) => ({
  id: notification.id,
  uid: notification.uid,
  alert: notification.alertId,
  channel: notification.channelId,
  reason: notification.reason,
  status: notification.status,
  created_at: iso(notification.createdAt),
  next_attempt_at: iso(notification.nextAttemptAt),
  delivered_at: iso(notification.deliveredAt),
  attempts: notification.attempts,
  failure: notification.failure,
  error: notification.error,
  ...codeFields(notification.cause),
  response: notification.response,
  /** Of several recipients: who has it, and who was refused for good. */
  ...(notification.served && { recipients: notification.served }),
  /** The copy that went by another channel. */
  fallback: notification.fallbackId,
})

export const addNotificationRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage } = services

  app.get<{ Querystring: { hours: number } }>(
    '/notifications/counts',
    {
      schema: {
        summary: 'Messages that were tried of late, each counted once, and those that arrived',
        querystring: Type.Object({ hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 8784, default: 24 })) }),
      },
    },
    ({ query: { hours } }) => storage.deliveryLog.messages(services.now() - hours * HOUR_MS),
  )

  app.get<{ Querystring: { limit: number; cursor?: number; status?: NotificationStatus; channel?: number } }>(
    '/notifications',
    {
      schema: {
        summary: 'The outbox and the history, newest first',
        querystring: Type.Object({
          ...listQuery,
          status: Type.Optional(Type.Enum(NOTIFICATION_STATUSES as unknown as string[])),
          channel: Type.Optional(anId('Id of a channel')),
        }),
      },
    },
    async ({ query: { limit, cursor, status, channel } }) => {
      const { items, cut } = await storage.notifications.page({
        limit,
        ...(status && { statuses: [status] }),
        ...(cursor !== undefined && { before: cursor }),
        ...(channel !== undefined && { channelId: channel }),
      })
      return page(items.map(notificationView), limit, cut)
    },
  )

  app.get<{ Params: { id: number } }>(
    '/notifications/:id',
    { schema: { summary: 'One notification with every attempt', params: idParams } },
    async ({ params: { id } }, reply) => {
      const notification = await storage.notifications.byId(id)
      if (!notification) return notFound(reply, 'notification')
      const attempts = await storage.notifications.attemptsOf(id)
      return {
        ...notificationView(notification),
        message: snakeKeys(notification.payload),
        attempts_made: attempts.map(attemptView),
      }
    },
  )

  app.post<{ Params: { id: number } }>(
    '/notifications/:id/retry',
    { schema: { summary: 'Try a failed one again', params: idParams } },
    async (request, reply) => {
      const again = await services.operations.notifications.sendAgain(byOf(request), request.params.id)
      return again.ok ? notificationView(again.value) : refuse(reply, again.problem)
    },
  )
}
