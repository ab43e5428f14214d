import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type DrillClock, providerTime } from './clock.ts'
import type { Receivers } from './configuration.ts'
import type { OfficeNews, Order, Told } from './messages.ts'

/** The drill's side of the provider's office. */
export interface Office extends Receivers {
  /** Everything that people were told, in the order in which it came. */
  readonly told: readonly Told[]
  /** JSON of a server's API; rejects when it does not answer with 200. */
  get(url: string, token: string): Promise<unknown>
  /** Shuts the mail server down, or opens it on the same port. */
  mail(open: boolean): Promise<void>
  close(): Promise<void>
}

type Asked = Order extends infer One ? (One extends Order ? Omit<One, 'id'> : never) : never

/** Starts the office in a namespace. */
export const openOffice = async (space: string, clock: DrillClock): Promise<Office> => {
  const child = spawn(
    'ip',
    ['netns', 'exec', space, process.execPath, join(import.meta.dirname, 'office-process.ts')],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const told: Told[] = []
  const waiting = new Map<number, { resolve: (body: unknown) => void; reject: (error: Error) => void }>()
  let ids = 0
  let gone = false
  const ready = Promise.withResolvers<Receivers>()
  const ended = once(child, 'exit')
  const giveUp = () => {
    gone = true
    const error = new Error('the office closed unexpectedly')
    ready.reject(error)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  child.on('error', giveUp).on('exit', giveUp)
  child.on('message', (news: OfficeNews) => {
    if (news.kind === 'ready') return ready.resolve(news)
    if (news.kind === 'told') return void told.push({ ...news.told, at: providerTime(clock, news.wall) })
    const asked = waiting.get(news.id)
    waiting.delete(news.id)
    if (news.error === undefined) asked?.resolve(news.body)
    else asked?.reject(new Error(news.error))
  })
  const ask = (order: Asked): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(new Error('the office is closed'))
      const id = ++ids
      waiting.set(id, { resolve, reject })
      child.send({ ...order, id })
    })
  const receivers = await ready.promise

  return {
    mailPort: receivers.mailPort,
    chatPort: receivers.chatPort,
    told,
    get: (url, token) => ask({ do: 'fetch', url, token }),
    mail: async (open) => void (await ask({ do: 'mail', open })),
    close: async () => {
      if (gone) return
      child.kill('SIGTERM')
      await ended
    },
  }
}
