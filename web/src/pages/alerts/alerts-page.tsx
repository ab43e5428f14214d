import { Card, Checkbox, Group, SegmentedControl, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAlerts, useMay } from '../../api/queries.ts'
import { LateListMenu } from '../../components/late-list-menu.tsx'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { SeverityFilter } from '../../components/severity-filter.tsx'
import { useUrlState } from '../../lib/url-state.ts'
import { AlertActions } from './actions.tsx'
import { AlertGroups } from './alert-groups.tsx'
import { AlertLine } from './alert-line.tsx'
import classes from './alerts.module.css'
import { FoldedAlerts } from './folded-alerts.tsx'
import { Quiets } from './quiets.tsx'
import { useExportedAlerts } from './use-exported-alerts.ts'

/** What is typed is looked for once it rests. */
const SETTLE_MS = 250

/** What is open, and what was: acknowledge, silence, resolve, one or many at a time. */
const AlertsPage = () => {
  const { t } = useTranslation()
  const may = useMay()
  const [status, setStatus] = useUrlState('status', 'firing')
  const [severity, setSeverity] = useUrlState('severity')
  const [text, setText] = useUrlState('q')
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const [wanted] = useDebouncedValue(text.trim(), SETTLE_MS)
  // What is looked for may be among those that others cut off.
  const folded = status === 'firing' && wanted === ''
  const filter = {
    status: status === 'firing' || status === 'resolved' ? (status as 'firing' | 'resolved') : undefined,
    severity: severity || undefined,
    ...(status === 'firing' && { sort: 'severity' as const }),
    ...(folded && { cut_off: false }),
    ...(wanted !== '' && { q: wanted }),
  }
  const alerts = useAlerts(filter)
  const shown = alerts.data ?? []
  const exported = useExportedAlerts(filter)
  const open = shown.filter((alert) => alert.status !== 'resolved')
  const chosen = open.filter(({ id }) => selected.has(id))
  const toggle = (id: number) =>
    setSelected((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]))

  return (
    <>
      <PageHead
        title={t('alerts.title')}
        actions={
          <Link href="/channels?tab=figures" className="quiet">
            {t('alerts.figures')}
          </Link>
        }
      />
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
          <SeverityFilter value={severity} onChange={setSeverity} style={{ width: 150 }} />
          <SearchInput value={text} onChange={setText} placeholder={t('alerts.searchHint')} basis={160} />
          <LateListMenu page="alerts" {...exported} />
          {may && chosen.length > 0 && (
            <Group gap="xs" ml="auto">
              <Text size="sm">{t('alerts.selected', { count: chosen.length })}</Text>
              <AlertActions alerts={chosen} size="xs" done={() => setSelected(new Set())} />
            </Group>
          )}
        </Group>
        <Loaded query={alerts}>
          {() =>
            shown.length === 0 ? (
              <Empty title={t(folded && severity === '' ? 'alerts.empty' : 'alerts.noMatch')}>
                {folded && severity === '' && t('alerts.emptyHint')}
              </Empty>
            ) : (
              <>
                {may && folded && (
                  <AlertGroups shown={new Set(open.map(({ id }) => id))} choose={(ids) => setSelected(new Set(ids))} />
                )}
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
                    <AlertLine
                      key={alert.id}
                      alert={alert}
                      may={may}
                      selected={selected.has(alert.id)}
                      toggle={() => toggle(alert.id)}
                    >
                      {folded && alert.cuts_off > 0 && <FoldedAlerts alert={alert} />}
                    </AlertLine>
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
