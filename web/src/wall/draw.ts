import { wall } from '../i18n/texts/wall.ts'
import type { Look, Problem, WallData } from './data.ts'
import { isSoundOn } from './sound.ts'

type Texts = (typeof wall)['en']
const language = document.documentElement.lang === 'es' ? 'es' : 'en'
const texts = wall[language] as Texts
const region = navigator.languages.find((one) => one.startsWith(language)) ?? language
const clock = new Intl.DateTimeFormat(region, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const seconds = new Intl.DateTimeFormat(region, { timeStyle: 'medium', hourCycle: 'h23' })
const numbers = new Intl.NumberFormat(region)

const say = (text: string, facts: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? ''))

/** An element with what stands in it: text is text, whatever somebody called something. */
const element = (tag: string, className: string, ...children: readonly (Node | string)[]): HTMLElement => {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.append(...children)
  return made
}

const DAY_MS = 86_400_000
/** Of today the time alone. */
const sinceText = (at: string, now: number): string => {
  const time = new Date(at)
  const old = now - time.getTime() > DAY_MS / 2
  return `${old ? `${time.toLocaleDateString(region, { day: 'numeric', month: 'short' })} ` : ''}${clock.format(time)}`
}

type Counted = keyof Texts['one']

const wordOf = (count: number, name: Counted): string => (count === 1 ? texts.one[name] : texts[name])

const countOf = (count: number, name: Counted, className: string) =>
  element('li', count > 0 ? className : 'quiet', element('b', '', numbers.format(count)), ` ${wordOf(count, name)}`)

const fact = (count: number, name: Counted): readonly string[] =>
  count > 0 ? [`${numbers.format(count)} ${wordOf(count, name)}`] : []

const head = ({ counts }: WallData, now: number) =>
  element(
    'header',
    '',
    element('h1', '', 'Vigía'),
    element(
      'ul',
      'counts',
      countOf(counts.down, 'down', 'down'),
      countOf(counts.cut_off, 'cutOff', 'unknown'),
      countOf(counts.degraded, 'degraded', 'degraded'),
    ),
    element(
      'ul',
      'counts small',
      countOf(counts.up, 'up', 'up'),
      ...(['unknown', 'maintenance', 'paused'] as const)
        .filter((name) => counts[name] > 0)
        .map((name) => countOf(counts[name], name, 'unknown')),
    ),
    element('span', 'clock', clock.format(now)),
  )

const problemLine = (problem: Problem, now: number) =>
  element(
    'li',
    problem.acknowledged ? 'unknown' : problem.state,
    element('span', 'name', problem.name),
    ...(problem.site !== '' && problem.site !== problem.name ? [element('span', 'fact quiet', problem.site)] : []),
    ...(problem.cut_off > 0
      ? [element('span', 'fact', say(texts.behind, { count: numbers.format(problem.cut_off) }))]
      : []),
    ...(problem.acknowledged ? [element('span', 'fact', `✓ ${texts.attended}`)] : []),
    element('span', 'since', sinceText(problem.since, now)),
  )

const problemList = ({ problems, more, counts, blind_since: blind }: WallData, now: number) => {
  // Who cannot see, or does not know, does not say that all is well.
  if (problems.length === 0)
    return blind === null && counts.unknown === 0
      ? element('div', 'well up', texts.allWell)
      : element('div', 'well unknown', fact(counts.unknown, 'unknown').join(''))
  return element(
    'section',
    '',
    element('h2', 'quiet', texts.problems),
    element('ul', 'problems', ...problems.map((problem) => problemLine(problem, now))),
    ...(more > 0 ? [element('p', 'quiet', say(texts.more, { count: numbers.format(more) }))] : []),
  )
}

const siteList = ({ sites, label }: WallData) => {
  if (sites.length === 0) return []
  const items = sites.map((site) => {
    const trouble = site.down > 0 ? 'down' : site.degraded > 0 ? 'degraded' : ''
    // What is cut off has its fault elsewhere.
    const state = trouble || (site.cut_off + site.unknown > 0 ? 'unknown' : 'up')
    const facts = [
      ...fact(site.down, 'down'),
      ...fact(site.cut_off, 'cutOff'),
      ...fact(site.degraded, 'degraded'),
      ...fact(site.unknown, 'unknown'),
    ]
    const name = site.name === '' ? say(texts.noSite, { label }) : site.name
    return element('li', state, element('div', 'name', name), facts.join(' · ') || fact(site.total, 'up').join(''))
  })
  return [element('section', '', element('h2', 'quiet', say(texts.sites, { label })), element('ul', 'sites', ...items))]
}

const banners = ({ data, lostAt }: Look) => {
  const shown: HTMLElement[] = []
  const banner = (text: string) => {
    const made = element('p', 'banner', text)
    made.setAttribute('role', 'alert')
    shown.push(made)
  }
  if (lostAt !== undefined) banner(data ? say(texts.lost, { time: seconds.format(lostAt) }) : texts.neverSeen)
  if (data?.blind_since) banner(say(texts.blind, { time: seconds.format(new Date(data.blind_since)) }))
  return shown
}

/** What its buttons do. */
export interface Acts {
  readonly sound: () => void
  readonly full: () => void
}

const buttons = ({ sound, full }: Acts) => {
  const button = (text: string, act: () => void) => {
    const made = element('button', '', text) as HTMLButtonElement
    made.type = 'button'
    made.addEventListener('click', act)
    return made
  }
  return element(
    'footer',
    '',
    button(isSoundOn() ? texts.soundOn : texts.soundOff, sound),
    button(texts.fullScreen, full),
  )
}

/** The title of the tab: how many problems there are, or that nothing is known. */
export const titleOf = ({ data, lostAt, refused }: Look): string => {
  if (refused || lostAt !== undefined || !data) return '(?) Vigía'
  const count = data.counts.down + data.counts.degraded
  return count > 0 ? `(${count}) Vigía` : 'Vigía'
}

/** Everything that the wall shows. */
export const draw = (look: Look, now: number, acts: Acts): readonly Node[] => {
  const { data, refused, lostAt } = look
  if (refused)
    return [element('div', 'well down', texts.noLink), element('p', 'quiet', texts.noLinkHint), ...banners(look)]
  if (!data) return banners(look)
  return [
    head(data, now),
    ...banners(look),
    element('div', lostAt === undefined ? '' : 'stale', problemList(data, now), ...siteList(data)),
    buttons(acts),
  ]
}
