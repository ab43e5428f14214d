import { Button, Card, Group, Select, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Explanation } from '../../api/types.ts'
import { useAttemptError } from '../../components/attempt-text.ts'
import { Failure } from '../../components/page.tsx'
import { StateMark } from '../../components/state.tsx'

const TYPE = 'manual_test'
const PATIENCE_MS = 10_000
const LOOK_EVERY_MS = 400
const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

const untried = ({ notifications }: Explanation): boolean =>
  notifications.some(({ attempts, status }) => attempts.length === 0 && status === 'pending')

/** Hands in an event and waits until every channel that it led to has tried, ten seconds at most. */
const sendTest = async (message: string, severity: string): Promise<Explanation> => {
  const { ids } = await api.post<{ ids: readonly number[] }>('/events', {
    type: TYPE,
    severity,
    subject: TYPE,
    message,
    reason: message,
  })
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const explanation = await api.get<Explanation>(`/events/${ids[0]}/explain`)
    if (!untried(explanation) || Date.now() > until) return explanation
    await new Promise((later) => setTimeout(later, LOOK_EVERY_MS))
  }
}

/** A test of the whole way, from an event to the channels, with the reason where nothing arrives. */
export const TestSection = () => {
  const { t } = useTranslation()
  const may = useMay()
  const [message, setMessage] = useState('')
  const [severity, setSeverity] = useState('MEDIUM')
  const test = useMutation({ mutationFn: () => sendTest(message.trim() || t('history.testStandard'), severity) })
  if (!may) return null
  return (
    <Card component="section" mt="md">
      <Text component="h2" fw={600}>
        {t('history.testSection')}
      </Text>
      <Text size="sm" className="quiet" mb="sm">
        {t('history.testHint', { type: TYPE })}
      </Text>
      <Group align="flex-end">
        <TextInput
          label={t('history.testMessage')}
          placeholder={t('history.testStandard')}
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
          style={{ flex: '1 1 240px', maxWidth: 520 }}
          maxLength={2000}
        />
        <Select
          label={t('words.severity')}
          w={150}
          data={SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) }))}
          value={severity}
          onChange={(value) => setSeverity(value ?? 'MEDIUM')}
          allowDeselect={false}
        />
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          {t('history.testSend')}
        </Button>
      </Group>
      <div role="status" style={{ marginTop: 10 }}>
        {test.error && <Failure error={test.error} />}
        {test.data && <Outcome explanation={test.data} />}
      </div>
    </Card>
  )
}

const Outcome = ({ explanation }: { readonly explanation: Explanation }) => {
  const { t } = useTranslation()
  const errorOf = useAttemptError()
  const { notifications, event } = explanation
  const delivered = notifications.filter(({ status }) => status === 'delivered').length
  const fine = notifications.length > 0 && delivered === notifications.length
  return (
    <div style={{ fontSize: 14 }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
        <StateMark state={fine ? 'up' : delivered > 0 ? 'degraded' : 'down'} />
        {notifications.length === 0
          ? t('history.testNothing')
          : fine
            ? t('history.testDelivered', { count: delivered })
            : t('history.testSomeFailed')}
        <Link href={`/events/${event.id}`}>{t('history.testWhy')}</Link>
      </div>
      {notifications
        .filter(({ status }) => status !== 'delivered')
        .map(({ id, channel, attempts }) => (
          <div key={id} className="break" style={{ color: 'var(--state-down-text)' }}>
            {channel}: {attempts.slice(-1).map(errorOf)}
          </div>
        ))}
    </div>
  )
}
