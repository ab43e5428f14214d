import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type SourceView, useSources } from '../../api/queries.ts'
import { Columns } from '../../components/columns.tsx'
import { Ago } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { number } from '../../lib/format.ts'

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

const rowsOf = ({ kind, name, logs }: SourceView) => logs.map((log) => ({ ...log, source: `${kind} ${name}` }))

/** The logs that are followed: how much was read of each, what is still to be read, and what was left out and why. */
export const FollowedLogs = () => {
  const { t } = useTranslation()
  const { data } = useSources()
  const rows = data?.items.flatMap(rowsOf) ?? []
  const latest = data?.items.map(({ last_record_at: at }) => at).findLast((at) => at !== null)
  const silent = data?.items.flatMap((source) => source.silent) ?? []
  if (rows.length + silent.length === 0) return null
  return (
    <Card component="section" mb="md">
      <Text component="h2" fw={600} mb="xs">
        {t('places.logs')}
        {latest && (
          <Text span className="quiet" ml="xs" size="sm">
            {t('places.lastRecord')} <Ago at={latest} />
          </Text>
        )}
      </Text>
      {silent.map(({ path, reason, form, lines }) => (
        <Text key={`${path} ${reason}`} size="sm" mb="xs">
          <span className="break">{path}</span>
          {lines !== null && ` (${t('places.noneRead', { count: lines })})`}
          {`: ${t(`places.silent.${reason}`, { form: form ?? '' })}`}
        </Text>
      ))}
      <Wide>
        <table className="plain">
          <Columns names={[t('places.log'), t('places.lines'), t('places.behind'), t('places.leftOut')]} />
          <tbody>
            {rows.map(({ source, path, lines, behind_bytes: behind, left_out: reasons }) => (
              <tr key={`${source} ${path}`}>
                <td className="break">{path}</td>
                <td className="number">{number(lines)}</td>
                <td className="number">{number(behind)}</td>
                <td className="quiet">
                  {sum(reasons) > 0 &&
                    `${number(sum(reasons))}: ${Object.entries(reasons)
                      .map(
                        ([reason, count]) =>
                          `${t(`places.refusals.${reason as 'no time'}`, { defaultValue: reason })} ${number(count)}`,
                      )
                      .join(', ')}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Card>
  )
}
