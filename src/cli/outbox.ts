import type { Command } from 'commander'
import { codeFields } from '#core/cause/cause-fields.ts'
import type { Notification } from '#core/message/notification.ts'
import { systemClock } from '#lib/time/clock.ts'
import { iso } from '#lib/time/iso.ts'
import type { Storage } from '#storage/index.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { withStorage } from './with-storage.ts'

const SHOWN = 1000

/** What a fallback has told asks nothing of anybody: it is listed for a day, for who looks for it here. */
const recent = (): number => systemClock.now() - 86_400_000

/** Of one that waits while a copy of it goes by another channel: that channel. */
type Copies = ReadonlyMap<number, string>

const asJson = (one: Notification, channel: string | undefined, copies: Copies) => ({
  id: one.id,
  uid: one.uid,
  channel: channel ?? null,
  alert: one.alertId,
  subject: one.payload.subject ?? null,
  reason: one.reason,
  status: one.status,
  created_at: iso(one.createdAt),
  next_attempt_at: iso(one.nextAttemptAt),
  attempts: one.attempts,
  failure: one.failure,
  error: one.error,
  ...codeFields(one.cause),
  fallback: copies.get(one.id) ?? null,
})

const line = (one: ReturnType<typeof asJson>): string => {
  // When what is held may leave is found out anew at each look.
  const held = one.status === 'held' ? 'waits for its group, its limit or the end of quiet hours' : ''
  const when = one.next_attempt_at ? held || `next try ${one.next_attempt_at}` : ''
  const problem = one.failure && one.status !== 'cancelled' ? `${one.failure}: ${one.error}` : (one.error ?? '')
  const copy = one.fallback && one.status !== 'cancelled' ? `a copy goes by ${one.fallback}` : ''
  return `${String(one.id).padStart(6)}  ${one.status.padEnd(9)} ${(one.channel ?? '(removed)').padEnd(16)} ${one.reason.padEnd(9)} ${one.subject}  ${one.attempts} attempts  ${[when, problem, copy].filter(Boolean).join('  ')}`.trimEnd()
}

const copiesOf = async (
  list: readonly Notification[],
  notifications: Pick<Storage['notifications'], 'byId'>,
  names: ReadonlyMap<number, string>,
): Promise<Copies> => {
  const copies = new Map<number, string>()
  for (const { id, fallbackId } of list) {
    const copy = fallbackId === null || fallbackId === id ? undefined : await notifications.byId(fallbackId)
    const name = copy && names.get(copy.channelId)
    if (name !== undefined) copies.set(id, name)
  }
  return copies
}

export const addOutbox: AddCommand = (program) => {
  const outbox = program
    .command('outbox')
    .description('list the notifications that wait, are held back, have failed or were sent by a fallback')
    .option('--data <folder>', 'data folder')
    .option('--all', 'delivered ones too')
    .option('--json', 'print one JSON array')
    .action((flags: { data?: string; all?: boolean; json?: boolean }) =>
      withStorage(dataDir(flags.data), async ({ notifications, channels }) => {
        const names = new Map((await channels.list()).map(({ id, name }) => [id, name]))
        const statuses = flags.all ? undefined : (['pending', 'held', 'failed', 'cancelled'] as const)
        const found = await notifications.list({ limit: SHOWN, ...(statuses && { statuses }) })
        const list = found.filter(
          ({ status, createdAt }) => flags.all || status !== 'cancelled' || createdAt > recent(),
        )
        const copies = await copiesOf(list, notifications, names)
        const rows = list.map((one) => asJson(one, names.get(one.channelId), copies))
        if (flags.json) return printJson(rows)
        printLines(rows.length === 0 ? ['The outbox is empty.'] : rows.map(line))
      }),
    )

  outbox
    .command('replay')
    .description('put a failed notification back into the outbox')
    .argument('<id>', 'its number')
    .option('--data <folder>', 'data folder')
    // `--data` is an option of both commands, and the list takes it first.
    .action((id: string, _own: unknown, command: Command) =>
      withStorage(dataDir(command.optsWithGlobals<{ data?: string }>().data), async ({ notifications }) => {
        if (!(await notifications.replay(Number(id), systemClock.now())))
          throw new CommandError(
            `notification ${id} has not failed, or there is none of this number; see: vigia outbox`,
            1,
          )
        console.log(`Notification ${id} goes again; a running server sends it within half a minute.`)
      }),
    )
}
