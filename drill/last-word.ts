/**
 * Judges what people were told last. The principle, as `docs/rules.md` states it: when nothing changes for long enough, what
 * each person was told last about each subject is what is so, and nothing told it as news when it was not.
 */

/** What is so of a subject: well, in trouble of a kind, or not known (not looked at, taken out). */
export type Fact = 'well' | 'degraded' | 'down' | 'open' | 'unknown'

export interface Moment {
  readonly at: number
  readonly fact: Fact
  /** 0 for the lightest; of trouble. */
  readonly severity: number
}

/** One message, or one line of a digest, as it came to a channel. Times in ms. */
export interface Word {
  readonly at: number
  /** When it was decided; a line of a digest tells the moment at which it was written. */
  readonly decidedAt: number
  readonly channel: string
  /** The channel that could not deliver it and in whose place this one did. */
  readonly insteadOf?: string | undefined
  readonly subject: string
  readonly reason: string
  readonly says: Fact | 'over' | 'flapping'
  readonly severity: number
  /** Why an end is one: `recovery` means that it was seen. */
  readonly endedBy?: string | undefined
}

export interface Account {
  /** What was so, per subject, oldest first. */
  readonly truth: ReadonlyMap<string, readonly Moment[]>
  readonly words: readonly Word[]
  /** Channels that can be told at the end. */
  readonly channels: readonly string[]
  /** True when a channel is to hear of a subject, as it is configured at the end. */
  readonly hears: (channel: string, subject: string) => boolean
  /**
   * What allows that trouble was not told, or not its end: a silence, quiet hours, a threshold or `notify_recovery: off` that
   * is still in force, a subject that is taken out or paused, a channel that refuses for good. Undefined when nothing does.
   */
  readonly excuse: (channel: string, subject: string, what: 'trouble' | 'end') => string | undefined
}

const NOTHING: Moment = { at: 0, fact: 'unknown', severity: 0 }
const isTrouble = (fact: Word['says']): boolean => fact !== 'well' && fact !== 'unknown' && fact !== 'over'

/** What was so at a moment; two things where one became the other just then. */
const at = (moments: readonly Moment[], when: number): readonly Fact[] => {
  const before = moments.findLast((moment) => moment.at < when) ?? NOTHING
  return [before, ...moments.filter((moment) => moment.at === when)].map(({ fact }) => fact)
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19)
const said = (word: Word | undefined): string =>
  word ? `was told last "${word.reason}: ${word.says}" at ${clock(word.at)}` : 'was told nothing'

/** What those were told last who read a channel, by itself or by what stood in for it. */
const lastOf = ({ words }: Account, channel: string, subject: string): Word | undefined => {
  const ofSubject = words.filter((word) => word.subject === subject)
  const last = ofSubject.findLast((word) => word.channel === channel || word.insteadOf === channel)
  return last?.insteadOf === channel ? ofSubject.findLast((word) => word.channel === last.channel) : last
}

/** What is wrong with the last word of one channel about one subject; undefined for nothing. */
const lastWord = (account: Account, channel: string, subject: string): string | undefined => {
  const now = account.truth.get(subject)?.at(-1) ?? NOTHING
  const last = lastOf(account, channel, subject)
  const fault = (what: string) =>
    `${subject} is ${now.fact} since ${clock(now.at)}, and ${channel} ${said(last)}${what}`
  if (now.fact === 'unknown' || account.excuse(channel, subject, isTrouble(now.fact) ? 'trouble' : 'end'))
    return undefined
  if (!isTrouble(now.fact)) return last && isTrouble(last.says) ? fault('') : undefined
  // Who is not to hear of it any more hears of the end of what he was told, and of nothing else.
  if (!account.hears(channel, subject)) return undefined
  if (!last || !isTrouble(last.says)) return fault('')
  if (last.says !== now.fact) return fault('')
  return last.severity < now.severity ? fault(`, as severity ${last.severity} in place of ${now.severity}`) : undefined
}

/** Changes that are older than this are no unrest any more, ms. */
const UNREST_MS = 25 * 60_000
/** Whether a subject changed so often, at least twice, within what counts as unrest, up to a moment. */
export const isRestless = (moments: readonly Moment[], when: number, atLeast = 2): boolean =>
  moments.filter((moment) => moment.at > when - UNREST_MS && moment.at <= when).length >= atLeast

/** When it was seen last: a line of a digest, and a late end, say of what nobody sees how that was. */
const seenAt = (moments: readonly Moment[], { reason, decidedAt }: Word): number => {
  const last = moments.findLast((moment) => moment.at <= decidedAt)
  return (reason === 'digest' || reason === 'resolved') && last?.fact === 'unknown' ? last.at : decidedAt
}

/** Ends that say nothing of how the subject is. */
const NO_ANSWER = new Set(['time', 'removed', 'changed', 'paused', 'hand'])

/** The word that said the same before, to a channel for which this one is no news. */
const toldAlready = (word: Word, earlier: readonly Word[], moments: readonly Moment[]): Word | undefined => {
  // Whoever comes next is told once, however many rules tell of it.
  const before = word.reason === 'escalated' ? earlier.findLast(({ reason }) => reason === 'escalated') : earlier.at(-1)
  // A line of a digest, and a late end that says that it is back, say how it is at that moment: the alert is told by its own.
  const isSame =
    // A copy is for who reads the channel that could not deliver it.
    word.insteadOf === undefined &&
    (word.reason === 'first' || word.reason === 'escalated') &&
    before !== undefined &&
    before.reason !== 'digest' &&
    before.reason !== 'resolved' &&
    before.says === word.says &&
    before.severity >= word.severity &&
    !moments.some((moment) => moment.at > before.decidedAt && moment.at <= word.decidedAt)
  return isSame ? before : undefined
}

/** What was told as news and was not so when it was decided, or had been told already. */
const falseNews = (account: Account, channel: string, subject: string): string[] => {
  const moments = account.truth.get(subject) ?? []
  const words = account.words.filter((word) => word.channel === channel && word.subject === subject)
  return words.flatMap((word, index) => {
    const facts = at(moments, word.decidedAt)
    const say = `${channel} was told "${word.reason}: ${word.says}" of ${subject} at ${clock(word.at)}`
    if (word.says === 'over')
      return facts.every(isTrouble) && !NO_ANSWER.has(word.endedBy ?? '') ? [`${say}, which was ${facts.at(-1)}`] : []
    if (!isTrouble(word.says)) return []
    if (word.says === 'flapping') return isRestless(moments, seenAt(moments, word)) ? [] : [`${say}, which was calm`]
    if (facts.every((fact) => fact === 'well')) return [`${say}, which was well`]
    const same = toldAlready(word, words.slice(0, index), moments)
    return same ? [`${say} as new, and it had been told so at ${clock(same.at)}`] : []
  })
}

/** In words, everything that breaks the principle. Empty when it holds. */
export const judgeLastWords = (account: Account): readonly string[] => {
  const subjects = [...account.truth.keys()]
  return account.channels.flatMap((channel) =>
    subjects.flatMap((subject) => {
      const last = lastWord(account, channel, subject)
      return [...(last === undefined ? [] : [last]), ...falseNews(account, channel, subject)]
    }),
  )
}
