import { Button, Card, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { Scroll } from '../../components/scroll.tsx'
import { StateMark } from '../../components/state.tsx'
import { faultText } from '../../i18n/problem-text.ts'
import { type ListLine, MOST_LINES } from './parse-list.ts'
import type { LineOutcome, SeenList } from './use-list.ts'

/** What each line would make, and the button that makes it. */
export const ListPreview = ({ isTooLong, taken, outcomes, good, bad, preview, adding }: SeenList) => {
  const { t } = useTranslation()
  return (
    <Card component="section">
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600}>
          {t('monitors.listPreview')}
        </Text>
        <Text size="sm" role="status">
          {outcomes.length > 0 &&
            taken.length > 0 &&
            [
              t('monitors.listGood', { count: good.length }),
              bad.length > 0 && t('monitors.listBad', { count: bad.length }),
            ]
              .filter(Boolean)
              .join(', ')}
        </Text>
      </Group>
      {isTooLong && <Text c="var(--state-degraded-text)">{t('monitors.listTooMany', { most: MOST_LINES })}</Text>}
      {preview.error && <Failure error={preview.error} />}
      {adding.error && <Failure error={adding.error} />}
      <Scroll maxHeight={480} label={t('monitors.listPreview')}>
        <table className="plain">
          <tbody>
            {taken.map((line, index) => (
              <Line key={line.line} line={line} outcome={outcomes[index]} />
            ))}
          </tbody>
        </table>
      </Scroll>
      <Group justify="flex-end" mt="md">
        <Button
          disabled={good.length === 0 || preview.isFetching}
          loading={adding.isPending}
          leftSection={<Icon name="plus" />}
          onClick={() => adding.mutate()}
        >
          {t('monitors.listAdd', { count: good.length })}
        </Button>
      </Group>
    </Card>
  )
}

const Line = ({ line, outcome }: { readonly line: ListLine; readonly outcome: LineOutcome | undefined }) => {
  const { t } = useTranslation()
  return (
    <tr>
      <td className="quiet number" style={{ whiteSpace: 'nowrap' }}>
        {t('monitors.line', { line: line.line })}
      </td>
      <td className="break">
        {outcome === undefined || outcome.ok ? String(line.entry.name || line.text) : line.text}
        {outcome?.ok === false && (
          <div style={{ color: 'var(--state-down-text)' }}>
            {outcome.path && `${outcome.path}: `}
            {faultText(outcome)}
          </div>
        )}
      </td>
      <td style={{ whiteSpace: 'nowrap' }}>
        {outcome?.ok && (
          <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
            <StateMark state="up" /> {outcome.type}
          </span>
        )}
      </td>
    </tr>
  )
}
