import type { Notification } from '#core/message/notification.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import { changed, type Operate } from './operation.ts'

export interface NotificationDeps {
  readonly operate: Operate
  /** Something new is in the outbox. */
  readonly wake: () => void
}

export interface NotificationOperations {
  /** Tries one again that failed or was cancelled. */
  sendAgain(by: By, id: number): Promise<Outcome<Notification>>
}

export const createNotificationOperations = ({ operate, wake }: NotificationDeps): NotificationOperations => ({
  sendAgain: (by, id) =>
    operate(
      by,
      async ({ notifications }, at) => {
        if (!(await notifications.byId(id))) return notThere('notification')
        if (!(await notifications.replay(id, at)))
          return refused('not_failed', '', 'Only a failed, partly failed or cancelled notification can be tried again.')
        const entry = { action: 'retry', object: 'notification', objectId: id }
        return changed((await notifications.byId(id))!, entry)
      },
      async () => wake(),
    ),
})
