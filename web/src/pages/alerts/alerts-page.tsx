import { Card, Checkbox, Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAlerts, useMay, useMonitors } from '../../api/queries.ts'
import type { Alert } from '../../api/types.ts'
import { useAlertCause } from '../../components/cause.ts'
import { Icon } from '../../components/icon.tsx'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { useWho } from '../../components/who.ts'
import { dayTime } from '../../lib/format.ts'
import { cutOffAmong } from '../../lib/outages.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { AlertActions } from './actions.tsx'
import classes from './alerts.module.css'
import { Quiets } from './quiets.tsx'

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What is open, and what was: acknowledge, silence, resolve, one or many at a time. */
const AlertsPage = () => {
  const { t } = useTranslation()
  const causeOf = useAlertCause()
  const may = useMay()
  const [status, setStatus] = useUrlState('status', 'firing')
  const [severity, setSeverity] = useUrlState('severity')
  const [text, setText] = useUrlState('q')
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const alerts = useAlerts({
    status: status === 'firing' || status === 'resolved' ? status : undefined,
    severity: severity || undefined,
  })
  const { data: monitors = [] } = useMonitors()
  const cutOff = useMemo(() => new Set(monitors.filter(cutOffAmong(monitors)).map(({ id }) => id)), [monitors])
  const wanted = text.trim().toLowerCase()
  const shown = (alerts.data ?? []).filter((alert) =>
    `${alert.subject} ${causeOf(alert)}`.toLowerCase().includes(wanted),
  )
  const open = shown.filter((alert) => alert.status !== 'resolved')
  const chosen = open.filter(({ id }) => selected.has(id))
  const toggle = (id: number) =>
    setSelected((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]))

  return (
    <>
      <PageHead title={t('alerts.title')} />
      <Card padding={0} mb="md" component="section" aria-label={t('alerts.title')}>
        <Group p="sm" gap="sm" style={{ borderBottom: '1px solid var(--line)' }}>
          <SegmentedControl
            aria-label={t('words.state')}
            data={[
              { value: 'firing', label: t('alerts.firing') },
              { value: 'resolved', label: t('alerts.resolved') },
              { value: 'all', label: t('alerts.everything') },
            ]}
            value={status}
            onChange={setStatus}
          />
          <Select
            aria-label={t('words.severity')}
            w={150}
            data={[
              { value: '', label: t('words.severity') },
              ...SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) })),
            ]}
            value={severity}
            onChange={(value) => setSeverity(value ?? '')}
            allowDeselect={false}
          />
          <TextInput
            type="search"
            leftSection={<Icon name="search" size={16} />}
            placeholder={t('words.filter')}
            aria-label={t('words.filter')}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            style={{ flex: '1 1 160px', maxWidth: 320 }}
          />
          {may && chosen.length > 0 && (
            <Group gap="xs" ml="auto">
              <Text size="sm">{t('alerts.selected', { count: chosen.length })}</Text>
              <AlertActions alerts={chosen} size="xs" done={() => setSelected(new Set())} />
            </Group>
          )}
        </Group>
        <Loaded query={alerts}>
          {(all) =>
            shown.length === 0 ? (
              <Empty title={t(all.length === 0 && status === 'firing' ? 'alerts.empty' : 'alerts.noMatch')}>
                {all.length === 0 && t('alerts.emptyHint')}
              </Empty>
            ) : (
              <>
                {may && open.length > 1 && (
                  <div className={classes.all}>
                    <Checkbox
                      size="xs"
                      label={t('alerts.selectAll')}
                      checked={chosen.length === open.length}
                      indeterminate={chosen.length > 0 && chosen.length < open.length}
                      onChange={() =>
                        setSelected(new Set(chosen.length === open.length ? [] : open.map(({ id }) => id)))
                      }
                    />
                  </div>
                )}
                <ul className={classes.list}>
                  {shown.map((alert) => (
                    <Line
                      key={alert.id}
                      alert={alert}
                      may={may}
                      cutOff={alert.monitor !== null && cutOff.has(alert.monitor)}
                      selected={selected.has(alert.id)}
                      toggle={() => toggle(alert.id)}
                    />
                  ))}
                </ul>
              </>
            )
          }
        </Loaded>
      </Card>
      <Quiets />
    </>
  )
}
export default AlertsPage

interface LineProps {
  readonly alert: Alert
  readonly may: boolean
  /** What it is about is down because what it is reached through is. */
  readonly cutOff: boolean
  readonly selected: boolean
  readonly toggle: () => void
}

const Line = ({ alert, may, cutOff, selected, toggle }: LineProps) => {
  const { t } = useTranslation()
  const causeOf = useAlertCause()
  const who = useWho()
  const resolved = alert.status === 'resolved'
  return (
    <li className={classes.line} data-status={alert.status}>
      <span className={classes.check}>
        {may && !resolved && (
          <Checkbox
            size="xs"
            aria-label={t('alerts.select', { subject: alert.subject })}
            checked={selected}
            onChange={toggle}
          />
        )}
      </span>
      <span className={classes.severity}>
        <SeverityText severity={alert.severity} />
      </span>
      <span className={classes.subject}>
        <Link href={`/alerts/${alert.id}`} className="plain clip" style={{ fontWeight: 600 }}>
          {alert.subject}
        </Link>
        <span className="quiet clip">{causeOf(alert) || textOf(alert.data.message) || textOf(alert.data.reason)}</span>
      </span>
      <span className={classes.status}>
        {t(`words.${alert.status}`)}
        {cutOff && !resolved && <span className="quiet clip">{t('alerts.cutOff')}</span>}
        {alert.acknowledgement && !resolved && (
          <span className="quiet break">
            {alert.acknowledgement.note
              ? `${who(alert.acknowledgement.by)}: ${alert.acknowledgement.note}`
              : t('alerts.acknowledgedBy', { name: who(alert.acknowledgement.by) })}
          </span>
        )}
        {alert.silence && !resolved && (
          <span className="quiet break">
            <Icon name="mute" size={14} /> {t('alerts.silencedUntil', { time: dayTime(alert.silence.until) })}
          </span>
        )}
      </span>
      <span className={`quiet number ${classes.count}`}>{alert.count > 1 ? `${alert.count}×` : ''}</span>
      <span className={`quiet ${classes.since}`}>
        <Ago at={alert.since} />
      </span>
    </li>
  )
}
