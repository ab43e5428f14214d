import { SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { TestReport as Report } from '../../api/types.ts'
import { useCause, useCure } from '../../components/cause.ts'
import { StateMark } from '../../components/state.tsx'
import { milliseconds, number } from '../../lib/format.ts'

/** Rules that are named at most, on each side. */
const SHOWN = 50

type RuleReport = Report['rules'][number]

/** What a test came to: what each channel answered, and which rules would have heard of it. */
export const TestReport = ({ report: { channels, rules } }: { readonly report: Report }) => {
  const { t } = useTranslation()
  const delivered = channels.filter(({ ok }) => ok).length
  const fine = channels.length > 0 && delivered === channels.length
  return (
    <div style={{ fontSize: 14 }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap', marginBottom: 10 }}>
        <StateMark state={fine ? 'up' : delivered > 0 ? 'degraded' : 'down'} />
        {channels.length === 0
          ? t('history.testNothing')
          : t('history.testDelivered', { count: delivered, of: number(channels.length) })}
      </div>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        {channels.length > 0 && (
          <div>
            <Text fw={600} size="sm">
              {t('history.channels')}
            </Text>
            {channels.map((one) => (
              <ChannelAnswer key={one.notification} answer={one} />
            ))}
          </div>
        )}
        <div>
          <Heard rules={rules.filter(({ heard }) => heard)} />
          <NotHeard rules={rules.filter(({ heard }) => !heard)} />
        </div>
      </SimpleGrid>
    </div>
  )
}

const ChannelAnswer = ({ answer }: { readonly answer: Report['channels'][number] }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const cureOf = useCure()
  const why = answer.ok ? '' : [causeOf({ ...answer, cause: answer.message }), cureOf(answer)].filter(Boolean).join(' ')
  return (
    <div className="break" style={{ display: 'flex', gap: 8, alignItems: 'baseline' }}>
      <StateMark state={answer.ok ? 'up' : 'down'} />
      <span style={{ minWidth: 0 }}>
        <b>{answer.channel.name}</b>{' '}
        {answer.ok ? (
          <span className="quiet">{t('history.testTook', { time: milliseconds(answer.duration_ms) })}</span>
        ) : (
          <span style={{ color: 'var(--state-down-text)' }}>{why}</span>
        )}
      </span>
    </div>
  )
}

const RuleName = ({ rule }: RuleReport) => {
  const { t } = useTranslation()
  if (rule === null) return <b>{t('alerts.ownRule')}</b>
  return (
    <Link href={`/channels/rules/${rule.id}`} className="plain" style={{ fontWeight: 600 }}>
      {rule.name}
    </Link>
  )
}

const More = ({ count }: { readonly count: number }) => {
  const { t } = useTranslation()
  return count > SHOWN ? <div className="quiet">{t('history.testMore', { count: count - SHOWN })}</div> : null
}

const Heard = ({ rules }: { readonly rules: readonly RuleReport[] }) => {
  const { t } = useTranslation()
  if (rules.length === 0) return <Text size="sm">{t('history.testNoRule')}</Text>
  return (
    <div>
      <Text fw={600} size="sm">
        {t('history.testHeard')}
      </Text>
      {rules.slice(0, SHOWN).map((one) => (
        <div key={one.rule?.id ?? 0} className="break">
          <RuleName {...one} /> <span className="quiet">→ {one.channels.join(', ')}</span>
        </div>
      ))}
      <More count={rules.length} />
    </div>
  )
}

const NotHeard = ({ rules }: { readonly rules: readonly RuleReport[] }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  if (rules.length === 0) return null
  return (
    <div style={{ marginTop: 8 }}>
      <Text fw={600} size="sm">
        {t('history.testNotHeard')}
      </Text>
      {rules.slice(0, SHOWN).map((one) => (
        <div key={one.rule?.id ?? 0} className="break">
          <RuleName {...one} />{' '}
          <span className="quiet">
            {causeOf({ cause: one.why, cause_code: one.cause_code, cause_facts: one.cause_facts })}
          </span>
        </div>
      ))}
      <More count={rules.length} />
    </div>
  )
}
