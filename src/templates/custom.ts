import type { NotifyReason } from '#core/alert/notify-reason.ts'
import type { Message, Rendered } from '#core/message/message.ts'
import type { JsonObject } from '#lib/json.ts'
import { oneLine, oneLineEach, plainText } from '#lib/text/one-line.ts'
import { fitText } from './format.ts'
import { mailHtml } from './html.ts'
import type { RenderedTemplates } from './jinja/parts.ts'
import { texts } from './texts/index.ts'

/**
 * What people's templates write: the bad news. The end of an episode, a digest and a test keep our words, for a
 * template that says "intrusion detected" must not say it when it is over.
 */
const TEMPLATED: ReadonlySet<NotifyReason> = new Set(['first', 'repeat', 'reminder', 'escalated'])

export const isTemplated = (reason: NotifyReason): boolean => TEMPLATED.has(reason)

/** What we have no fact for is not there, and prints as nothing; what a sender says is null stays null. */
const known = (facts: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined))

/**
 * What a template sees: the event's own fields at the top level, and `event rule alert monitor` beside them. Each text is
 * one line: the lines of a message are those of its template.
 */
export const templateContext = (raw: Message, ruleId: number | null, timeZone: string): JsonObject => {
  const message = oneLineEach(raw)
  const own: JsonObject = message.event ?? {}
  const facts = known({ ...message, event: undefined } as unknown as JsonObject)
  const { monitor: _, ...fields }: JsonObject = { ...facts, ...own }
  const { subject, severity, since, reason, url } = message
  return {
    ...fields,
    severity,
    subject,
    at: own.at ?? since,
    time_zone: timeZone,
    event: { ...facts, ...own },
    rule: known({ id: ruleId, name: message.rule }),
    alert: known({ id: message.alert, since, severity, subject, reason, url }),
    ...(message.monitor !== null && { monitor: monitorFacts(message) }),
  }
}

const monitorFacts = ({ monitor, target, state, labels, location, description }: Message): JsonObject =>
  known({ name: monitor, target, state, labels, location: location ?? null, description: description ?? null })

const SUBJECT_LENGTH = 200

/** Puts what the templates wrote in place of our own words; a part without a template keeps them. */
export const withTemplates = (rendered: Rendered, parts: RenderedTemplates): Rendered => {
  const subject = fitText(oneLine(parts.subject ?? '') || rendered.subject, SUBJECT_LENGTH)
  const text = parts.text === undefined ? undefined : plainText(parts.text)
  const lines = text === undefined ? rendered.lines : text.trimEnd().split('\n')
  const { message, language, chat } = rendered
  return {
    ...rendered,
    message: { ...message, title: subject, message: text?.trim() || subject },
    subject,
    lines,
    html: parts.html ?? mailHtml({ message, language, subject, lines, footer: texts[language].footer }),
    chat: { ...chat, title: subject, detail: text === undefined ? chat.detail : text.trim() },
  }
}
