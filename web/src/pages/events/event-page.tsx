import { Button, Card, Code, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Explanation } from '../../api/types.ts'
import { useAttemptText } from '../../components/attempt-text.ts'
import { useCause } from '../../components/cause.ts'
import { useEventText } from '../../components/event-text.ts'
import { EventWeight } from '../../components/event-weight.tsx'
import { Facts } from '../../components/facts.tsx'
import { Icon } from '../../components/icon.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { StateMark } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { addressIn, addressPath } from '../../lib/address.ts'
import { absolute } from '../../lib/format.ts'

/** What the server's own classifier said opens to its connections. */
const isPrediction = (event: object): event is { readonly id: number; readonly connections: never[] } =>
  'detector' in event &&
  event.detector === 'flow-classifier' &&
  'connections' in event &&
  Array.isArray(event.connections)

const PredictionCard = lazy(() => import('../security/prediction-card.tsx'))

/** Without what the server made of its fields. */
const asSent = ({ cause, cause_code, cause_facts: _, ...sent }: Readonly<Record<string, unknown>>) =>
  cause_code === undefined && cause !== undefined ? { ...sent, cause } : sent

/** One event, with every rule that looked at it and what became of it. */
const EventPage = ({ id }: { readonly id: number }) => {
  const explanation = useQuery({
    queryKey: ['event', id],
    queryFn: () => api.get<Explanation>(`/events/${id}/explain`),
  })
  return (
    <Loaded query={explanation} lines={8}>
      {(data) => <Shown explanation={data} />}
    </Loaded>
  )
}
export default EventPage

type RuleExplanation = Explanation['rules'][number]

const Shown = ({ explanation }: { readonly explanation: Explanation }) => {
  const { t } = useTranslation()
  const may = useMay()
  const textOf = useEventText()
  const attemptText = useAttemptText()
  const { event, rules, notifications } = explanation
  const address = addressIn(event.subject, { ...event })
  return (
    <>
      <PageHead
        title={event.subject}
        beside={<EventWeight event={event} />}
        below={
          <>
            <Text className="quiet break" lineClamp={4}>
              {textOf(event as never)}
            </Text>
            {address !== undefined && (
              <Link href={addressPath(address)} style={{ fontSize: 14 }}>
                {t('alerts.allAbout', { address })}
              </Link>
            )}
          </>
        }
        actions={
          may && (
            <Button
              variant="default"
              component={Link}
              href={`/channels/rules/new?event=${event.id}`}
              leftSection={<Icon name="plus" />}
            >
              {t('alerts.makeRule')}
            </Button>
          )
        }
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack>
          {isPrediction(event) && (
            <Suspense>
              <PredictionCard id={event.id} connections={event.connections} />
            </Suspense>
          )}
          <Card component="section">
            <Text component="h2" fw={600} mb="xs">
              {t('alerts.explain')}
            </Text>
            {rules.length === 0 ? (
              <Text className="quiet">{t('alerts.noRules')}</Text>
            ) : (
              rules.map((one, index) => <Rule key={one.rule?.id ?? `own${index}`} explained={one} />)
            )}
          </Card>
          <Card component="section">
            <Text component="h2" fw={600} mb="xs">
              {t('alerts.notifications')}
            </Text>
            {notifications.length === 0 ? (
              <Text className="quiet" size="sm">
                {t('alerts.noNotifications')}
              </Text>
            ) : (
              notifications.map((one) => (
                <div key={one.id} style={{ marginBottom: 8, fontSize: 14 }} className="break">
                  <b>
                    {t('alerts.notified', {
                      reason: t(`alerts.reasons.${one.reason as 'first'}`, { defaultValue: one.reason }),
                      channel: one.channel ?? '',
                    })}
                  </b>
                  {one.attempts.map((attempt, index) => (
                    <div key={attempt.at} className="quiet">
                      {absolute(attempt.at)} {t('alerts.attempt', { number: index + 1, result: attemptText(attempt) })}
                    </div>
                  ))}
                </div>
              ))
            )}
          </Card>
        </Stack>
        <Card component="section">
          <Text component="h2" fw={600} mb="xs">
            {t('alerts.event', { id: event.id })}
          </Text>
          <Facts
            facts={[
              [t('words.type'), event.type],
              [t('alerts.source'), event.source],
              [t('words.when'), <Moment key="at" at={event.at} />],
              [t('alerts.received'), <Moment key="received" at={event.received_at} />],
            ]}
          />
          <Text component="h3" fw={600} size="sm" mt="md" mb={4}>
            {t('alerts.raw')}
          </Text>
          <Code block tabIndex={0} style={{ maxHeight: 420, overflow: 'auto' }}>
            {JSON.stringify(asSent({ ...event }), null, 2)}
          </Code>
        </Card>
      </SimpleGrid>
    </>
  )
}

const Rule = ({ explained }: { readonly explained: RuleExplanation }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const { rule, why, decisions, conditions, changed_since: changed, cause_code, cause_facts } = explained
  return (
    <div style={{ borderBottom: '1px solid var(--line)', paddingBottom: 10, marginBottom: 10 }}>
      <Text fw={600} className="break">
        {rule ? <Link href={`/channels/rules/${rule.id}`}>{rule.name}</Link> : t('alerts.ownRule')}
      </Text>
      {decisions.length > 0 ? (
        decisions.map((decision) => (
          <Text key={`${decision.at}${decision.outcome}`} size="sm">
            {t(`alerts.outcomes.${decision.outcome}`)}
            {decision.until && `, ${t('alerts.until', { time: absolute(decision.until) })}`}
            {decision.alert !== null && (
              <>
                {' '}
                <Link href={`/alerts/${decision.alert}`}>#{decision.alert}</Link>
              </>
            )}
          </Text>
        ))
      ) : (
        <Text size="sm" className="break">
          {causeOf({ cause: why, cause_code, cause_facts })}
        </Text>
      )}
      {changed && (
        <Text size="sm" className="quiet">
          {t('alerts.changedSince')}
        </Text>
      )}
      {conditions && conditions.steps.length > 0 && (
        <ul style={{ listStyle: 'none', margin: '6px 0 0', padding: 0, fontSize: 14 }}>
          {conditions.steps.map((step) => (
            <li key={step.path} style={{ display: 'flex', gap: 8, alignItems: 'baseline' }} title={step.path}>
              <StateMark state={step.passed ? 'up' : 'down'} size={10} />
              <span className="break">
                <span className="mono">
                  {step.field ?? step.operator} {step.field && `${step.operator} ${step.expected}`}
                </span>{' '}
                <span className="quiet">
                  {t(step.passed ? 'alerts.holds' : 'alerts.fails')}
                  {step.field && ` (${step.actual ?? t('words.noData').toLowerCase()})`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
