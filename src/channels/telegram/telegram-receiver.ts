import { because } from '#core/cause/cause.ts'
import type {
  ActionAnswer,
  ChannelAction,
  ChannelReceiver,
  ChannelTrouble,
  Inbox,
  ReceiveContext,
  SendContext,
} from '#core/channel.ts'
import { isObject } from '#lib/json.ts'
import { type RetryPolicy, retryDelay } from '#lib/run/retry.ts'
import { jsonBody } from '../http/http.ts'
import { fit, oneLine } from '../text/text.ts'
import { type BotAddress, callBot } from './telegram-bot.ts'

export interface TelegramChat extends BotAddress {
  readonly chat_id: string | number
}

/** The server holds a request open for so long when there is no news. */
const POLL_SECONDS = 50
const POLL_TIMEOUT_MS = 65_000
const ANSWER_TIMEOUT_MS = 10_000
/** An update may carry two messages of 4,096 characters, each escaped to six bytes: few at once, and room for them. */
const UPDATES_AT_ONCE = 10
const LONGEST_ANSWER = 1024 * 1024
const BODY_PATIENCE_MS = 30_000
/** What a pressed button may say to who pressed it. */
const LONGEST_TOAST = 200
const LONGEST_NAME = 64
const BACK_OFF: RetryPolicy = { baseMs: 1000, capMs: 300_000, giveUpAfterMs: Number.POSITIVE_INFINITY }

const KINDS = { a: 'acknowledge', s: 'silence' } as const
const DATA = /^([as]):(\d{1,16}\.[\w-]{1,40})$/

/** What a button sends back when it is pressed: at most 64 bytes. */
export const callbackData = ({ kind, token }: Pick<ChannelAction, 'kind' | 'token'>): string => `${kind[0]}:${token}`

/** A pressed button, as the Bot API tells of it. */
interface Press {
  readonly id: string
  readonly chat: { readonly id: unknown; readonly username: unknown }
  readonly messageId: number
  readonly by: string
  /** Its number and name, of which nobody else can take one. */
  readonly accounts: readonly string[]
  readonly data: string
}

const nameOf = (from: unknown): string => {
  if (!isObject(from)) return ''
  const full = [from.first_name, from.last_name].filter((part) => typeof part === 'string').join(' ')
  return fit(oneLine(full || String(from.username ?? from.id ?? '')), LONGEST_NAME)
}

const accountsOf = (from: unknown): readonly string[] =>
  isObject(from)
    ? [from.id, from.username].filter((one) => typeof one === 'number' || typeof one === 'string').map(String)
    : []

/** https://core.telegram.org/bots/api#callbackquery; undefined for whatever else comes. */
const pressOf = (update: unknown): Press | undefined => {
  const query = isObject(update) ? update.callback_query : undefined
  if (!isObject(query) || typeof query.id !== 'string' || !isObject(query.message)) return undefined
  const { chat, message_id: messageId } = query.message
  if (!isObject(chat) || typeof messageId !== 'number') return undefined
  const { id, username } = chat
  const data = typeof query.data === 'string' ? query.data : ''
  const [by, accounts] = [nameOf(query.from), accountsOf(query.from)]
  return { id: query.id, chat: { id, username }, messageId, by, accounts, data }
}

const isFrom = ({ chat }: Press, { chat_id }: TelegramChat): boolean =>
  String(chat.id) === String(chat_id) ||
  (typeof chat.username === 'string' && `@${chat.username}`.toLowerCase() === String(chat_id).toLowerCase())

const REFUSED: ActionAnswer = { text: '—', changed: false }

/** Does what a button says, where its chat is one of ours, and answers: who pressed always, the chat when it changed. */
const handle = async (press: Press, inboxes: readonly Inbox<TelegramChat>[], context: SendContext) => {
  const inbox = inboxes.find(({ options }) => isFrom(press, options))
  const [, kind, token] = DATA.exec(press.data) ?? []
  const known = inbox && token !== undefined
  const action = known && { kind: KINDS[kind as keyof typeof KINDS], token, by: press.by, accounts: press.accounts }
  const { text, changed } = action ? await inbox.onAction(action) : REFUSED
  const bot = (inbox ?? inboxes[0]!).options
  const toast = { callback_query_id: press.id, text: fit(oneLine(text), LONGEST_TOAST) }
  // One that is too old to be answered was acted upon all the same.
  await callBot(bot, 'answerCallbackQuery', toast, context)
  if (!changed) return
  const thread = { message_id: press.messageId, allow_sending_without_reply: true }
  const said = { chat_id: press.chat.id as number, text: fit(text, 1000), reply_parameters: thread }
  await callBot(bot, 'sendMessage', said, context)
}

interface Updates {
  readonly updates: readonly unknown[]
  /** Absent: it worked. */
  readonly trouble?: ChannelTrouble
  readonly retryAfterMs?: number | undefined
}

/** Waits for news after `offset`, which says that everything before has been dealt with. */
const getUpdates = async (bot: TelegramChat, offset: number, context: SendContext): Promise<Updates> => {
  let updates: unknown
  const wanted = { offset, timeout: POLL_SECONDS, limit: UPDATES_AT_ONCE, allowed_updates: ['callback_query'] }
  const outcome = await callBot(bot, 'getUpdates', wanted, context, {
    longestAnswer: LONGEST_ANSWER,
    bodyPatienceMs: BODY_PATIENCE_MS,
    onAnswer: (answer) => {
      updates = jsonBody(answer).result
    },
  })
  if (!outcome.ok) {
    const { cause, cure, retryAfterMs } = outcome
    return { updates: [], trouble: { cause, ...(cure && { cure }) }, retryAfterMs }
  }
  return Array.isArray(updates) ? { updates } : { updates: [], trouble: { cause: because('telegram_answer_unknown') } }
}

const idOf = (update: unknown): number => {
  const id = isObject(update) ? update.update_id : undefined
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : 0
}

/** Long polling, which works behind any router: https://core.telegram.org/bots/api#getupdates */
const run = async (inboxes: readonly Inbox<TelegramChat>[], { signal, random, onTrouble, ...rest }: ReceiveContext) => {
  const contextFor = (timeoutMs: number): SendContext => ({ ...rest, signal, timeoutMs, references: [] })
  const bot = inboxes[0]!.options
  let offset = 0
  let failures = 0
  while (!signal.aborted) {
    const { updates, trouble, retryAfterMs } = await getUpdates(bot, offset, contextFor(POLL_TIMEOUT_MS))
    if (signal.aborted) return
    onTrouble(trouble)
    failures = trouble === undefined ? 0 : failures + 1
    if (failures > 0) {
      const wait = Math.max(retryDelay(failures, BACK_OFF, random), retryAfterMs ?? 0)
      await rest.timers.pause(wait, { signal })
    }
    for (const update of updates) {
      const press = pressOf(update)
      if (press) await handle(press, inboxes, contextFor(ANSWER_TIMEOUT_MS))
      offset = Math.max(offset, idOf(update) + 1)
    }
  }
}

/** Who shares a token shares its news: the Bot API hands them to one listener only. */
export const telegramReceiver: ChannelReceiver<TelegramChat> = {
  key: ({ bot_token, api_url = '' }) => `${api_url} ${bot_token}`,
  run,
}
