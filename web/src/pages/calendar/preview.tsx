import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useErrorText } from '../../components/error-text.ts'
import classes from './calendar.module.css'
import type { Matcher, PreviewAnswer, SilencePreview } from './types.ts'
import { namesText, spanText } from './words.tsx'

const SOON_MS = 400

/** Asks a moment after the last change; nothing while nothing is chosen. */
const usePreview = <T,>(path: string, body: object & { readonly matchers: readonly Matcher[] }) => {
  const [asked] = useDebouncedValue(JSON.stringify(body), SOON_MS)
  return useQuery({
    queryKey: ['maintenance', path, asked],
    queryFn: () => api.post<T>(path, JSON.parse(asked)),
    enabled: (JSON.parse(asked) as typeof body).matchers.length > 0,
    retry: false,
    placeholderData: (before) => before,
  })
}

interface WindowPreviewProps {
  readonly body: {
    readonly matchers: readonly Matcher[]
    readonly behind: boolean
    readonly cron?: string
    readonly duration?: string
    readonly time_zone: string
  }
}

/** Whom a window would cover, and when a recurring one comes. */
export const WindowPreview = ({ body }: WindowPreviewProps) => {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { data, error } = usePreview<PreviewAnswer>('/maintenance/preview', body)
  const names = ({ items, count }: PreviewAnswer['matched']) =>
    namesText(
      items.map(({ name }) => name),
      count,
    )
  const lines =
    data === undefined
      ? []
      : [
          data.matched.count === 0
            ? t('calendar.preview.nobody')
            : t('calendar.preview.matched', { count: data.matched.count, names: names(data.matched) }),
          data.behind.count > 0 &&
            t('calendar.preview.behind', { count: data.behind.count, names: names(data.behind) }),
          data.subscribers > 0 && t('calendar.preview.subscribers', { count: data.subscribers }),
          data.next.length > 0 &&
            t('calendar.preview.next', {
              times: data.next
                .slice(0, 3)
                .map(({ starts_at: from, ends_at: to }) => spanText(from, to, body.time_zone))
                .join('; '),
            }),
        ]
  return <Panel asked={body.matchers.length > 0} error={error && errorText(error)} lines={lines} />
}

/** Which open alerts and monitors a silence would mute. */
export const SilencePreviewPanel = ({ matchers }: { readonly matchers: readonly Matcher[] }) => {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { data, error } = usePreview<SilencePreview>('/silences/preview', { matchers })
  const lines =
    data === undefined
      ? []
      : [
          data.alerts.count === 0
            ? t('calendar.preview.noAlerts')
            : t('calendar.preview.alerts', {
                count: data.alerts.count,
                names: namesText(
                  data.alerts.items.map(({ subject }) => subject),
                  data.alerts.count,
                ),
              }),
          data.monitors.count > 0 &&
            t('calendar.preview.matched', {
              count: data.monitors.count,
              names: namesText(
                data.monitors.items.map(({ name }) => name),
                data.monitors.count,
              ),
            }),
        ]
  return <Panel asked={matchers.length > 0} error={error && errorText(error)} lines={lines} />
}

interface PanelProps {
  readonly asked: boolean
  readonly error: string | null
  readonly lines: readonly (string | false)[]
}

const Panel = ({ asked, error, lines }: PanelProps) => {
  const { t } = useTranslation()
  return (
    <div className={classes.preview} role="status">
      <Text fw={600} size="sm" mb={4}>
        {t('calendar.preview.title')}
      </Text>
      {!asked && <div className="quiet">{t('calendar.preview.empty')}</div>}
      {asked && error && <div style={{ color: 'var(--state-down-text)' }}>{error}</div>}
      {asked &&
        !error &&
        lines.filter(Boolean).map((line) => (
          <div key={String(line)} className="break">
            {line}
          </div>
        ))}
    </div>
  )
}
