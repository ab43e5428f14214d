import { Card, Select, Tabs } from '@mantine/core'
import { type ComponentType, lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useMay } from '../../api/queries.ts'
import { PageHead } from '../../components/page.tsx'
import { addTexts } from '../../i18n/index.ts'
import { settings as settingsTexts } from '../../i18n/texts/settings.ts'

addTexts('settings', settingsTexts)

const SECTIONS = [
  'account',
  'appearance',
  'place',
  'users',
  'tokens',
  'retention',
  'schedules',
  'audit',
  'about',
] as const
type Section = (typeof SECTIONS)[number]
const ADMINISTRATORS: ReadonlySet<Section> = new Set(['place', 'users', 'tokens', 'retention', 'audit'])

const CONTENT: Readonly<Record<Section, ComponentType>> = {
  account: lazy(() => import('./account.tsx')),
  appearance: lazy(() => import('./appearance.tsx')),
  place: lazy(() => import('./place.tsx')),
  users: lazy(() => import('./users.tsx')),
  tokens: lazy(() => import('./tokens.tsx')),
  retention: lazy(() => import('./retention.tsx')),
  schedules: lazy(() => import('./schedules.tsx')),
  audit: lazy(() => import('./audit.tsx')),
  about: lazy(() => import('./about.tsx')),
}

const isSection = (text: string | undefined): text is Section => SECTIONS.some((one) => one === text)

const SettingsPage = ({ section }: { readonly section?: string | undefined }) => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const administrator = useMay('administrator')
  const shown = SECTIONS.filter((one) => administrator || !ADMINISTRATORS.has(one))
  const current = isSection(section) && shown.includes(section) ? section : 'account'
  const Content = CONTENT[current]
  return (
    <>
      <PageHead title={t('settings.title')} />
      <Tabs value={current} onChange={(value) => go(`/settings/${value}`)} keepMounted={false}>
        <Select
          className="from-small"
          mb="md"
          aria-label={t('settings.title')}
          data={shown.map((one) => ({ value: one, label: t(`settings.sections.${one}`) }))}
          value={current}
          onChange={(value) => value && go(`/settings/${value}`)}
          allowDeselect={false}
        />
        <Tabs.List mb="md" className="to-small">
          {shown.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`settings.sections.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={current}>
          <Suspense fallback={<Card h={200} />}>
            <Content />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
export default SettingsPage
