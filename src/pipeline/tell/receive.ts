import type { Attended, Attention } from '#core/alert/attention.ts'
import type { ActionAnswer, ChannelAction, ChannelType, Inbox, ReceiveContext } from '#core/channel.ts'
import type { Pressing } from '#core/duty/duty-call.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { ServerPlace } from '#core/server-place.ts'
import { createRunningSet, type Startable } from '#lib/run/running-set.ts'
import type { Timers } from '#lib/time/timers.ts'
import { troubleInEnglish } from '#templates/delivery-outcome-view.ts'
import { createTimes } from '#templates/format.ts'
import { texts } from '#templates/texts/index.ts'

const SILENCE_MS = 3_600_000
/** A receiver that failed by a bug, or for the store took no writes, begins again after this. */
const RESTART_AFTER_MS = 10_000

export interface ActDeps {
  readonly attention: Attention
  readonly alertOfToken: (token: string) => number | undefined
  readonly now: () => number
  readonly place: () => ServerPlace
  /** Who of those on duty pressed; absent: nobody is known. */
  readonly personWho?: (press: Pressing) => string | undefined
}

const sentence = ({ alert, silencedUntil }: Attended, by: string, channel: Channel, deps: ActDeps): string => {
  const place = deps.place()
  const language = channel.language ?? place.language
  const words = texts[language]
  const times = createTimes(language, channel.timeZone ?? place.timeZone, deps.now())
  if (!alert) return words.isUnknown
  if (alert.status !== 'firing') return words.isOver
  if (silencedUntil !== undefined) return words.silenced(by, times.minute(silencedUntil))
  return words.acknowledged(
    alert.acknowledgedBy ?? by,
    times.minute(alert.acknowledgedAt ?? deps.now()),
    undefined,
    undefined,
  )
}

/** Does what a button of a channel's message says, where its signature is ours, and words the answer. */
export const createAct =
  (deps: ActDeps) =>
  async (channel: Channel, { kind, token, by: pressed, accounts = [] }: ChannelAction): Promise<ActionAnswer> => {
    const { attention, alertOfToken } = deps
    const id = alertOfToken(token)
    const known = deps.personWho?.({ channel: channel.name, accounts })
    const by = known ?? `${pressed} (${channel.name})`
    const who = { actor: `${channel.type}:${by}`, name: by, address: null }
    const attended: Attended =
      id === undefined
        ? { alert: undefined, changed: false }
        : kind === 'silence'
          ? await attention.silence(who, id, SILENCE_MS)
          : await attention.acknowledge(who, id, { note: '', until: null })
    return { text: sentence(attended, by, channel, deps), changed: attended.changed }
  }

export interface ReceiverDeps {
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly channels: () => readonly Channel[]
  readonly act: (channel: Channel, action: ChannelAction) => Promise<ActionAnswer>
  readonly contextOf: (channel: Channel) => Omit<ReceiveContext, 'signal' | 'onTrouble'>
  /** Hears what keeps channels from receiving, in English, for the log; undefined once they receive again. */
  readonly onTrouble: (channels: readonly string[], trouble: string | undefined) => void
  readonly onBug: (error: unknown) => void
  readonly timers: Pick<Timers, 'pause'>
}

export interface Receivers {
  /** Receives for the channels that are in force now, and for no others. */
  sync(): Promise<void>
  stop(): Promise<void>
}

/** Listens to what people do with the messages of channels whose type can hear of it: one listener per account. */
export const createReceivers = (deps: ReceiverDeps): Receivers => {
  const { channelTypes, channels, act, contextOf, onTrouble, onBug, timers } = deps
  const running = createRunningSet()

  const start = (group: readonly Channel[]) => {
    const controller = new AbortController()
    const { signal } = controller
    const { receiver } = channelTypes.get(group[0]!.type)!
    const inboxes = group.map(
      (channel): Inbox<never> => ({
        options: channel.options as never,
        onAction: (action) => act(channel, action),
      }),
    )
    // One that no file names is guarded, and so is who shares its account.
    const guarded = group.find(({ origin }) => origin === undefined) ?? group[0]!
    const names = group.map(({ name }) => name)
    let told: string | undefined
    const context: ReceiveContext = {
      ...contextOf(guarded),
      signal,
      onTrouble: (trouble) => {
        const words = trouble && troubleInEnglish(trouble)
        if (words !== told) onTrouble(names, words)
        told = words
      },
    }
    const listen = async () => {
      while (!signal.aborted) {
        await receiver!.run(inboxes, context).catch(onBug)
        if (!signal.aborted) await timers.pause(RESTART_AFTER_MS, { signal })
      }
    }
    const done = listen()
    return () => {
      controller.abort()
      return done
    }
  }

  /** Channels that can hear now, by the account that they share: an account has one listener at a time. */
  const wanted = (): Map<string, readonly Channel[]> =>
    Map.groupBy(
      channels().filter(({ type, enabled, locked }) => enabled && !locked && channelTypes.get(type)?.receiver),
      ({ type, options }) => `${type} ${channelTypes.get(type)!.receiver!.key(options as never)}`,
    )

  return {
    sync: () => {
      const groups = [...wanted()].map(([key, group]): [string, Startable] => [
        key,
        { marker: JSON.stringify(group), start: () => start(group) },
      ])
      return running.sync(new Map(groups)).catch(onBug)
    },
    stop: running.stop,
  }
}
