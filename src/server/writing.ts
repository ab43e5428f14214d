import type { Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { type Problem, refused } from '#core/problem.ts'
import type { RuleSpec } from '#core/rule/rule-spec.ts'
import { type Said, says } from '#core/said.ts'
import type { ServerPlace } from '#core/server-place.ts'
import { done } from '#lib/result.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { DeliverDeps } from '#pipeline/tell/deliver.ts'
import { passOn } from '#pipeline/tell/pass-on.ts'
import { tryTemplates } from '#pipeline/tell/try-templates.ts'
import { createRenderer, previewMessage, testMessage } from '#pipeline/tell/write.ts'
import type { Storage } from '#storage/index.ts'
import type { TemplateFence } from '#templates/jinja/fence.ts'
import { renderMessage } from '#templates/render.ts'
import { withTextSet } from '#templates/text-sets/index.ts'

export interface WritingDeps {
  readonly place: () => ServerPlace
  readonly storage: Storage
  readonly registry: Pick<Registry, 'rule' | 'channel' | 'channels'>
  readonly fence: TemplateFence
  readonly clock: Clock
  readonly sendContext: DeliverDeps['sendContext']
  /** Who is on duty. */
  readonly duty: () => DutyRota
}

/** Messages that people look at or try out, beside those that are delivered. */
export interface Writing extends Pick<Services, 'preview' | 'words'> {
  /** What is wrong with a rule's templates, and in which: with any event, or with one that it would look at. */
  checkTemplates(spec: RuleSpec): Promise<(Said & Pick<Problem, 'path'>) | undefined>
  /** Sends one test message, once; `facts`: what it is about. */
  sendTest(channel: Channel, facts?: NotificationFacts): Promise<DeliveryOutcome>
}

/** A test of a channel waits this long for its first attempt. */
const TEST_PATIENCE_MS = 10_000

/** What a test is as a notification. */
const TEST = {
  id: 0,
  alertId: null,
  reason: 'test',
  firstAttemptAt: null,
  served: null,
  reference: null,
} as const

/** Events that the templates of a new rule are tried with. */
const LATEST_EVENTS = 30

/** The place of a channel that is gone: the server's own. */
const NOWHERE: Channel = { id: 0, name: '', type: '', options: {}, enabled: false }

export const createWriting = (deps: WritingDeps): Writing => {
  const { storage, registry, fence, clock, place, sendContext } = deps
  const { now } = clock

  return {
    checkTemplates: async (spec) => {
      if (Object.keys(spec.templates).length === 0) return undefined
      const wrong = await fence.check(spec.templates)
      if (wrong)
        return {
          path: `templates.${wrong.problem.part}`,
          ...says(wrong.problem.message, wrong.problem['x-es'].message),
        }
      const type = spec.type === 'custom' ? {} : { type: spec.type }
      const latest = await storage.events.list({ ...type, limit: LATEST_EVENTS })
      return tryTemplates(spec, latest, { tryOut: fence.tryOut, timeZone: place().timeZone, now: now() })
    },

    preview: async (templates, event) => {
      const preview = await previewMessage(templates, event, { fence, ...place(), now: now() })
      if ('problem' in preview) {
        const { part, message } = preview.problem
        return refused('invalid_input', `templates.${part}`, message, says(message, preview.problem['x-es'].message))
      }
      return done({ subject: preview.subject, text: preview.lines.join('\n'), html: preview.html })
    },

    words: async (notification, at) => {
      const render = createRenderer({
        storage,
        clock: { ...clock, now: () => at },
        place,
        fence,
        templatesOf: (id) => registry.rule(id)?.spec.templates,
        // It was told when it was sent.
        onProblem: () => {},
      })
      const { subject, lines } = await render(notification, registry.channel(notification.channelId) ?? NOWHERE)
      return { subject, text: lines.join('\n') }
    },

    sendTest: (channel, facts) => {
      const type = channelTypes.get(channel.type)!
      const { language, timeZone, region } = place()
      const test = testMessage(now(), facts)
      const words = ({ language: own, timeZone: zone, texts }: Channel) => {
        const moment = { language: own ?? language, timeZone: zone ?? timeZone, region, now: now() }
        return withTextSet(renderMessage(test, moment), texts, moment)
      }
      const limits = { signal: AbortSignal.timeout(TEST_PATIENCE_MS), timeoutMs: TEST_PATIENCE_MS }
      const payload = { labels: facts?.labels ?? {} }
      const notification = { ...TEST, payload, channelId: channel.id, createdAt: now() }
      const view = { rota: deps.duty, timeZone: () => place().timeZone, channels: registry.channels, channelTypes }
      return type.send(words(channel), channel.options as never, {
        ...limits,
        references: [],
        ...sendContext(channel),
        ...(type.passesOnTo && {
          passOn: (lists) =>
            passOn(
              { notification, channel, lists, words: async (to) => words(to), ...limits },
              { ...view, storage, now, sendContext },
            ),
        }),
      })
    },
  }
}
