import { Alert, Autocomplete, Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { ServerSettings } from '../../api/types.ts'
import { Failure, Loaded } from '../../components/page.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { addTexts } from '../../i18n/index.ts'
import { browserRegion, language } from '../../i18n/language.ts'
import { settings as settingsTexts } from '../../i18n/texts/settings.ts'

addTexts('settings', settingsTexts)

type Place = Pick<ServerSettings, 'language' | 'time_zone' | 'region' | 'url'>

interface Facts {
  readonly language: 'en' | 'es'
  readonly time_zone: string
  readonly region: string | null
  readonly url: string | null
  readonly held_by_file: readonly string[]
}

interface Props {
  readonly save: ReactNode
  readonly saved: () => void
  /** A second way out, beside the button that saves. */
  readonly beside?: ReactNode
}

const ZONES = Intl.supportedValuesOf('timeZone')
/** Where people speak the languages of the messages. */
const COUNTRIES = {
  es: 'AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PR PY SV US UY VE'.split(' '),
  en: 'AU CA GB IE IN NZ US ZA'.split(' '),
} as const

/** Regions of a language by their names; one that is none of them stays to be chosen. */
const regionsOf = ({ language: spoken, region }: Place) => {
  const names = new Intl.DisplayNames([language()], { type: 'region', fallback: 'code' })
  const some = COUNTRIES[spoken ?? 'en'].map((country) => ({
    value: `${spoken ?? 'en'}-${country}`,
    label: names.of(country) ?? country,
  }))
  const known = region === null || some.some(({ value }) => value === region)
  return [
    ...some.toSorted((a, b) => a.label.localeCompare(b.label)),
    ...(known ? [] : [{ value: region, label: region }]),
  ]
}

/** How a number and a date look there. */
const exampleOf = (region: string | null) => {
  const by = region ?? 'en'
  const options = { useGrouping: 'always', minimumFractionDigits: 1 } as Intl.NumberFormatOptions
  return {
    number: new Intl.NumberFormat(by, options).format(1234.5),
    date: new Intl.DateTimeFormat(by, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.UTC(2026, 10, 30)),
  }
}

const NOWHERE_ELSE = /^(localhost|127\.|\[::1\])/

/** What this browser shows of the place: nobody reaches a server by an address that means every machine's own. */
const guess = (): Place => ({
  language: language(),
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  region: browserRegion(language()),
  url: NOWHERE_ELSE.test(location.hostname) ? null : location.origin,
})

/** Language, zone and address of the server, which every message is written by: what is set, else as this browser has it. */
export const PlaceForm = (props: Props) => {
  const data = useQuery({
    queryKey: ['settings', 'place'],
    queryFn: async () => {
      const [settings, facts] = await Promise.all([api.get<ServerSettings>('/settings'), api.get<Facts>('/about')])
      return { settings, facts }
    },
  })
  return <Loaded query={data}>{(found) => <Fields {...props} {...found} />}</Loaded>
}

const Fields = ({ settings, facts, save, saved, beside }: Props & { settings: ServerSettings; facts: Facts }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { error, faults, clear, fail } = useFaults()
  const held = new Set(facts.held_by_file)
  const guessed = guess()
  const [place, setPlace] = useState<Place>({
    language: held.has('language') ? facts.language : (settings.language ?? guessed.language),
    time_zone: held.has('time_zone') ? facts.time_zone : (settings.time_zone ?? guessed.time_zone),
    region: held.has('region') ? facts.region : (settings.region ?? guessed.region),
    url: held.has('url') ? facts.url : (settings.url ?? guessed.url),
  })
  const set = (change: Partial<Place>) => setPlace({ ...place, ...change })
  const store = async () => {
    clear()
    try {
      const own = Object.entries(place).filter(([name]) => !held.has(name))
      if (own.length > 0) await api.patch('/settings', Object.fromEntries(own))
      await client.invalidateQueries({ queryKey: ['settings'] })
      saved()
    } catch (failure) {
      fail(failure)
    }
  }
  const hint = (name: keyof Place, text: string) => (held.has(name) ? t('settings.heldByFile') : text)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void store()
      }}
    >
      <Stack maw={520}>
        {error !== undefined && <Failure error={error} />}
        <Select
          name="language"
          label={t('settings.messageLanguage')}
          description={hint('language', t('settings.messageLanguageHint'))}
          data={[
            { value: 'es', label: 'Español' },
            { value: 'en', label: 'English' },
          ]}
          value={place.language}
          onChange={(chosen) => {
            const spoken = chosen as 'en' | 'es'
            set({ language: spoken, region: browserRegion(spoken) })
          }}
          allowDeselect={false}
          disabled={held.has('language')}
          error={faults.language}
        />
        <Autocomplete
          name="time_zone"
          label={t('settings.messageZone')}
          description={hint('time_zone', t('settings.messageZoneHint'))}
          data={ZONES}
          limit={12}
          value={place.time_zone ?? ''}
          onChange={(zone) => set({ time_zone: zone === '' ? null : zone })}
          disabled={held.has('time_zone')}
          error={faults.time_zone}
        />
        <Select
          name="region"
          label={t('settings.region')}
          description={hint('region', t('settings.regionHint', exampleOf(place.region)))}
          data={regionsOf(place)}
          value={place.region ?? ''}
          onChange={(region) => set({ region })}
          allowDeselect={false}
          searchable
          disabled={held.has('region')}
          error={faults.region}
        />
        <TextInput
          name="url"
          label={t('settings.serverUrl')}
          description={hint('url', t('settings.serverUrlHint'))}
          placeholder="https://vigia.example.net"
          value={place.url ?? ''}
          onChange={({ currentTarget }) => set({ url: currentTarget.value === '' ? null : currentTarget.value })}
          disabled={held.has('url')}
          error={faults.url}
        />
        {place.url === null && <Alert color="yellow">{t('settings.noUrl')}</Alert>}
        <Group>
          <Button type="submit">{save}</Button>
          {beside}
        </Group>
      </Stack>
    </form>
  )
}
