import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, query } from '../api/client.ts'
import { useMay, useMonitors } from '../api/queries.ts'
import type { Event, Severity } from '../api/types.ts'
import { useEventText } from '../components/event-text.ts'
import type { IconName } from '../components/icon.tsx'
import { chooseLanguage } from '../i18n/index.ts'
import { palette } from '../i18n/texts/palette.ts'
import { addressPath, isAddress } from '../lib/address.ts'
import { fold } from '../lib/fold.ts'
import { absolute } from '../lib/format.ts'
import { haystackOf, matches } from '../lib/monitor-filter.ts'
import { type ShownState, shownState } from '../lib/shown-state.ts'
import { targetText } from '../lib/target-text.ts'
import { MAIN_PAGES } from './nav.tsx'
import { signOut } from './user-menu.tsx'

interface Shown {
  readonly key: string
  readonly text: string
  readonly hint: string
  readonly icon?: IconName
  readonly state?: ShownState
  readonly severity?: Severity
}

/** What the palette offers: a way to somewhere, or something that is done. */
export type Choice = Shown & ({ readonly path: string } | { readonly act: () => void })

interface Named {
  readonly id: number
  readonly name: string
  readonly type: string
}

interface Found {
  readonly alerts: readonly {
    readonly id: number
    readonly subject: string
    readonly severity: Severity
    readonly status: 'firing' | 'resolved'
    readonly since: string
  }[]
  readonly events: readonly Event[]
  readonly channels: readonly Named[]
  readonly rules: readonly Named[]
}

const MOST = 12
const SHORTEST = 2
const SETTLE_MS = 200

/** What the server alone knows: alerts, events by words or day, channels, rules. */
const useFound = (text: string) => {
  const [q] = useDebouncedValue(text.trim(), SETTLE_MS)
  return useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.get<Found>(`/search${query({ q, limit: 6 })}`, signal),
    enabled: q.length >= SHORTEST,
  }).data
}

type Verb = keyof (typeof palette)['en']['verbs']
const VERBS = Object.keys(palette.en.verbs) as Verb[]
const VERB_ICONS: Readonly<Record<Verb, IconName>> = {
  pause: 'pause',
  silence: 'mute',
  maintenance: 'wrench',
  edit: 'edit',
}

/** `pause clinica` in either language: what is to be done, and to what. */
const readVerb = (wanted: string): { readonly verb: Verb; readonly rest: string } | undefined => {
  const [first = '', ...rest] = wanted.split(/\s+/)
  if (first.length < 3) return undefined
  const verb = VERBS.find((one) =>
    [palette.en.verbs[one], palette.es.verbs[one]].some((word) => fold(word).startsWith(first)),
  )
  return verb && { verb, rest: rest.join(' ') }
}

const pathOf = (verb: Verb, id: number): string =>
  verb === 'edit' ? `/monitors/${id}/edit` : `/monitors/${id}?do=${verb}`

/** What is done at once, from wherever one is. */
const useActions = (): readonly Choice[] => {
  const { t, i18n } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const may = useMay()
  const ways = (['newMonitor', 'newList', 'bring', 'newChannel', 'newRule', 'plan', 'silences'] as const).map(
    (name) => ({
      key: name,
      path: WAYS[name],
      text: t(`palette.${name}`),
      hint: '',
      icon: 'plus' as const,
    }),
  )
  const other = i18n.language === 'es' ? 'en' : 'es'
  return [
    ...(may ? ways : []),
    ...(['light', 'dark', 'auto'] as const).map((scheme) => ({
      key: scheme,
      act: () => setColorScheme(scheme),
      text: `${t('shell.user.theme')}: ${t(`shell.user.${scheme}`)}`,
      hint: '',
      icon: 'settings' as const,
    })),
    {
      key: 'language',
      act: () => void chooseLanguage(other),
      text: other === 'es' ? 'Ver en español' : 'Show in English',
      hint: '',
      icon: 'settings',
    },
    { key: 'keys', path: '/settings/account', text: t('shell.user.account'), hint: '', icon: 'key' },
    { key: 'out', act: () => void signOut(), text: t('shell.user.signOut'), hint: '', icon: 'out' },
  ]
}

const WAYS = {
  newMonitor: '/monitors/new',
  newList: '/monitors/list',
  bring: '/bring',
  newChannel: '/channels/new',
  newRule: '/channels/rules/new',
  plan: '/calendar',
  silences: '/alerts/active',
} as const

/** Everything that fits what is typed: what may be done, monitors, alerts, events, channels, rules, pages. */
export const useChoices = (text: string): readonly Choice[] => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  const actions = useActions()
  const may = useMay()
  const found = useFound(text)
  const eventText = useEventText()

  const local = useMemo(() => {
    const wanted = fold(text.trim())
    const verb = may ? readVerb(wanted) : undefined
    const some = (words: string, most: number) => {
      const chosen = []
      for (const monitor of monitors) {
        if (chosen.length === most) break
        if (matches(haystackOf(monitor), words)) chosen.push(monitor)
      }
      return chosen
    }
    const done: Choice[] = verb
      ? some(verb.rest, MOST).map(({ id, name, target }) => ({
          key: `v${id}`,
          path: pathOf(verb.verb, id),
          text: `${t(`palette.verbs.${verb.verb}`)}: ${name}`,
          hint: targetText(target),
          icon: VERB_ICONS[verb.verb],
        }))
      : []
    const named: Choice[] = some(wanted, wanted === '' ? 8 : MOST).map((monitor) => ({
      key: `m${monitor.id}`,
      path: `/monitors/${monitor.id}`,
      text: monitor.name,
      hint: targetText(monitor.target),
      state: shownState(monitor),
    }))
    const pages: Choice[] = MAIN_PAGES.map(({ path, text: name, icon }) => ({
      key: path,
      path,
      text: t(`shell.nav.${name}`),
      hint: '',
      icon,
    }))
    return { wanted, done, named, pages }
  }, [text, monitors, may, t])

  const { wanted, done, named, pages } = local
  const fits = ({ text: name }: Choice) => matches(fold(name), wanted)
  if (wanted === '') return [...pages, ...named]
  const further: Choice[] = [
    ...(found?.alerts ?? []).map(({ id, subject, severity, status, since }) => ({
      key: `a${id}`,
      path: `/alerts/${id}`,
      text: subject,
      hint: `${t(status === 'firing' ? 'palette.openAlert' : 'palette.closedAlert')} · ${absolute(since)}`,
      icon: 'alert' as const,
      severity,
    })),
    ...(found?.channels ?? []).map(({ id, name, type }) => ({
      key: `c${id}`,
      path: `/channels/${id}`,
      text: name,
      hint: `${t('palette.channel')} · ${type}`,
      icon: 'rules' as const,
    })),
    ...(found?.rules ?? []).map(({ id, name }) => ({
      key: `r${id}`,
      path: `/channels/rules/${id}`,
      text: name,
      hint: t('palette.rule'),
      icon: 'rules' as const,
    })),
    ...(found?.events ?? []).map((event) => ({
      key: `e${event.id}`,
      path: `/events/${event.id}`,
      text: `${event.subject} · ${eventText(event)}`,
      hint: absolute(event.at),
      icon: 'events' as const,
      severity: event.severity,
    })),
  ]
  const address = text.trim()
  const known: Choice[] = isAddress(address)
    ? [{ key: 'address', path: addressPath(address), text: address, hint: t('palette.address'), icon: 'security' }]
    : []
  return [...known, ...done, ...named, ...pages.filter(fits), ...actions.filter(fits), ...further]
}
