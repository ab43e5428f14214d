import { Button, Card, SimpleGrid, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useChannels, useMay, useRules } from '../../api/queries.ts'
import { Icon } from '../../components/icon.tsx'
import { PageHead } from '../../components/page.tsx'
import { addTexts } from '../../i18n/index.ts'
import { history as historyTexts } from '../../i18n/texts/history.ts'
import { rules as rulesTexts } from '../../i18n/texts/rules.ts'
import { number, percent } from '../../lib/format.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { ChannelsTab } from './channels-tab.tsx'
import { HistoryTab } from './history-tab.tsx'
import { RulesTab } from './rules-tab.tsx'
import type { MessageCounts } from './stats.ts'
import { isSuggestedChannel, isSuggestedRule } from './suggestions.ts'
import { TestSection } from './test-section.tsx'

addTexts('history', historyTexts)
addTexts('rules', rulesTexts)

const TABS = ['channels', 'rules', 'history', 'figures'] as const
// Who never looks at figures does not load their charts.
const FiguresTab = lazy(() => import('../figures/figures-tab.tsx'))
const REFRESH_MS = 30_000

/** Channels, rules and history, with their figures and a test: what people of the older panel know. */
const PanelPage = () => {
  const { t } = useTranslation()
  const [tab, setTab] = useUrlState('tab', 'channels')
  const may = useMay()
  const channels = useChannels().data?.filter((one) => !isSuggestedChannel(one))
  const rules = useRules().data?.filter((one) => !isSuggestedRule(one))
  const { data: stats } = useQuery({
    queryKey: ['stats', 'messages'],
    queryFn: () => api.get<MessageCounts>('/notifications/counts?hours=24'),
    refetchInterval: REFRESH_MS,
  })
  const failed = stats ? stats.tried - stats.delivered : 0
  return (
    <>
      <PageHead
        title={t('history.title')}
        actions={
          may && (
            <>
              <Button component={Link} href="/channels/new" variant="default" leftSection={<Icon name="plus" />}>
                {t('history.newChannel')}
              </Button>
              <Button component={Link} href="/channels/rules/new" variant="default" leftSection={<Icon name="plus" />}>
                {t('rules.new')}
              </Button>
            </>
          )
        }
      />
      <SimpleGrid cols={{ base: 2, md: 4 }} mb="md" spacing="sm">
        <Figure
          title={t('history.cards.sent')}
          value={stats && number(stats.tried)}
          below={stats && failed > 0 ? t('history.cards.failed', { count: failed }) : ''}
        />
        <Figure
          title={t('history.cards.rate')}
          value={stats && (stats.tried === 0 ? '–' : percent(stats.delivered / stats.tried))}
        />
        <Figure
          title={t('history.cards.channels')}
          value={channels && number(channels.filter(({ enabled }) => enabled).length)}
          below={channels ? t('history.cards.of', { total: channels.length }) : ''}
        />
        <Figure
          title={t('history.cards.rules')}
          value={rules && number(rules.filter(({ enabled }) => enabled).length)}
          below={rules ? t('history.cards.of', { total: rules.length }) : ''}
        />
      </SimpleGrid>
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'channels')} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`history.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="channels">
          <ChannelsTab />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesTab />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab />
        </Tabs.Panel>
        <Tabs.Panel value="figures">
          <Suspense>
            <FiguresTab />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
      {tab !== 'figures' && <TestSection />}
    </>
  )
}
export default PanelPage

const Figure = ({
  title,
  value,
  below = '',
}: {
  readonly title: string
  readonly value: string | undefined
  readonly below?: string
}) => (
  <Card padding="sm">
    <Text size="sm" className="quiet">
      {title}
    </Text>
    <Text fz={24} fw={600} lh={1.3} className="number">
      {value ?? ' '}{' '}
      <span style={{ fontSize: 14, fontWeight: 400 }} className="quiet">
        {below}
      </span>
    </Text>
  </Card>
)
