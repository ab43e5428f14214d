import type { DigestItem, Language, Message } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { itemCause } from './cause.ts'
import { eventTitleOf, rateTitleOf } from './event-title.ts'
import { fitText, type Times } from './format.ts'
import type { Texts } from './texts/index.ts'
import { noticeWords } from './texts/notices.ts'

const ITEMS_NAMED = 20

const NAMED_STATES = new Set(['down', 'degraded', 'up', 'ended', 'notice'])
const inState = (items: readonly DigestItem[], wanted: string) =>
  items.filter(({ state, paused }) => state === wanted && !paused)
const isOpen = ({ state, paused }: DigestItem): boolean => !NAMED_STATES.has(state) && !paused

const itemCounts = (items: readonly DigestItem[]) => ({
  down: inState(items, 'down').length,
  degraded: inState(items, 'degraded').length,
  recovered: inState(items, 'up').length,
  paused: items.filter(({ paused }) => paused).length,
  ended: inState(items, 'ended').length,
  notices: inState(items, 'notice').length,
  other: items.filter(isOpen).length,
})

/** What stands in its subject: the group, the time that it covers, and how many are how, the gravest first. */
export const digestSubject = (message: Message, words: Texts, times: Times, now: number, longest: number): string => {
  const [from, until] = [times.minute(Date.parse(message.since)), times.minute(now)]
  const group = oneLine(Object.values(message.labels).filter(Boolean).join(' '))
  const span = from === until ? from : `${from}–${until}`
  const head = [words.summary, ...(group === '' ? [] : [fitText(group, 20)]), span].join(' ')
  const counts = words.digestSubject(itemCounts(message.items ?? []))
  for (let shown = counts.length; shown > 0; shown--) {
    const line = `${head} · ${counts.slice(0, shown).join(', ')}${shown < counts.length ? '…' : ''}`
    if ([...line].length <= longest) return line
  }
  return fitText(head, longest)
}

const itemName = ({ subject, kind, rate, state }: DigestItem, words: Texts): string => {
  if (kind === undefined) return subject
  return rate ? rateTitleOf(kind, subject, rate, words) : eventTitleOf(kind, subject, words, state === 'up')
}

/** How long, why, and who is behind it: of what is over, when it ended. */
const itemDetail = (item: DigestItem, words: Texts, times: Times): string => {
  const { state, affected } = item
  const at = times.minute(Date.parse(item.since))
  if (state === 'up' || state === 'ended') return at
  const { cutOff, behind } = words.dependants
  const dependants = affected === undefined ? '' : (state === 'down' ? cutOff : behind).short(affected)
  return [at, dependants, itemCause(item, words)].filter(Boolean).join(', ')
}

/** One line for each notice: the newest word of each. */
const noticesIn = (items: readonly DigestItem[], times: Times, language: Language): string[] =>
  items.slice(0, ITEMS_NAMED).flatMap(({ notice }) => {
    if (!notice) return []
    const { word, tail } = noticeWords(notice, language)
    return [`${word} ${oneLine(notice.name)} · ${tail(notice, times)}`]
  })

/** What a digest tells: one line for each state, and what it stands for. */
export const digestLines = (message: Message, words: Texts, times: Times, language: Language): string[] => {
  const items = message.items ?? []
  const line = (label: string, chosen: readonly DigestItem[]) => {
    if (chosen.length === 0) return []
    const shown = chosen
      .slice(0, ITEMS_NAMED)
      .map((item) => `${oneLine(itemName(item, words))} (${itemDetail(item, words, times)})`)
    const more = chosen.length > ITEMS_NAMED ? ` … +${chosen.length - ITEMS_NAMED}` : ''
    return [`${label}: ${shown.join(' · ')}${more}`]
  }
  const rest = items.filter(isOpen)
  const held = items.reduce((sum, item) => sum + item.held, 0)
  return [
    ...line(words.downNow, inState(items, 'down')),
    ...line(words.degradedNow, inState(items, 'degraded')),
    ...line(words.openNow, rest),
    ...line(
      words.pausedNow,
      items.filter(({ paused }) => paused),
    ),
    ...line(words.recoveredSince, inState(items, 'up')),
    ...line(words.endedSince, inState(items, 'ended')),
    ...noticesIn(items, times, language),
    words.held[message.why ?? 'limit'](held),
  ]
}
