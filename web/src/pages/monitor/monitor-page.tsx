import { ActionIcon, Button, Card, Group, Modal, SimpleGrid, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useFavourites } from '../../api/at-hand.ts'
import { useMarks, useMay, useMe, useMonitor } from '../../api/queries.ts'
import type { MonitorDetail } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { Dependants } from '../../components/dependants.tsx'
import { Icon } from '../../components/icon.tsx'
import { Labels } from '../../components/labels.tsx'
import { Marks } from '../../components/marks.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { StateText, shownSince, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { useWho } from '../../components/who.ts'
import { duration, milliseconds, soonTime } from '../../lib/format.ts'
import { targetText } from '../../lib/target-text.ts'
import { useDoing } from '../../lib/url-state.ts'
import { Silence } from '../alerts/attend-dialogs.tsx'
import { Notes } from '../shift/notes.tsx'
import { AlertsOf } from './alerts-of.tsx'
import { CheckNow } from './check-now.tsx'
import { CopyYaml } from './copy-yaml.tsx'
import { Maintenance } from './maintenance.tsx'
import { Paths } from './paths.tsx'
import { PauseDialog } from './pause-dialog.tsx'
import { PushAddress } from './push-address.tsx'
import { Results } from './results.tsx'
import { Transitions } from './transitions.tsx'
import { UptimeCards } from './uptime-cards.tsx'
import { useMany } from './use-many.ts'

const LatencyPanel = lazy(() => import('./latency-panel.tsx'))

const MonitorPage = ({ id }: { readonly id: number }) => {
  const monitor = useMonitor(id)
  return (
    <Loaded query={monitor} lines={10}>
      {(data) => <Monitor monitor={data} />}
    </Loaded>
  )
}
export default MonitorPage

const Monitor = ({ monitor }: { readonly monitor: MonitorDetail }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const may = useMay()
  const doing = useDoing()
  const [pausing, pauses] = useDisclosure(doing === 'pause')
  const [silencing, silences] = useDisclosure(doing === 'silence')
  const { busy, setPaused, silence } = useMany([monitor], () => {
    pauses.close()
    silences.close()
  })
  const { favourites, toggle } = useFavourites()
  const { data: me } = useMe()
  const isFavourite = favourites.has(monitor.id)
  const state = shownState(monitor)
  const since = shownSince(monitor)
  const marks = useMarks()
  return (
    <>
      <PageHead
        title={monitor.name}
        beside={
          <>
            <StateText state={state} />
            <Marks mark={marks.get(monitor.id)} flapping={monitor.flapping ?? false} />
          </>
        }
        below={
          <Group gap="xs" className="quiet" fz="sm">
            <span className="break">{targetText(monitor.target)}</span>
            <span>·</span>
            <span>{t('monitors.everyInterval', { interval: monitor.interval })}</span>
            {since && (
              <>
                <span>·</span>
                <span>
                  {t('words.since').toLowerCase()} <Ago at={since} />
                </span>
              </>
            )}
            {monitor.latency_ms !== null && state !== 'down' && (
              <>
                <span>·</span>
                <span className="number">{milliseconds(monitor.latency_ms)}</span>
              </>
            )}
            <Labels labels={monitor.labels} />
          </Group>
        }
        actions={
          <>
            {me?.kind === 'user' && (
              <ActionIcon
                variant="default"
                size={36}
                aria-label={t('monitors.favourite')}
                title={t('monitors.favourite')}
                aria-pressed={isFavourite}
                c={isFavourite ? 'var(--state-degraded-text, inherit)' : 'inherit'}
                onClick={() => void toggle(monitor.id)}
              >
                <Icon name="star" filled={isFavourite} />
              </ActionIcon>
            )}
            {may && (monitor.passive ? <PushAddress id={monitor.id} /> : <CheckNow id={monitor.id} />)}
            {may && (
              <Button
                variant="default"
                leftSection={<Icon name={monitor.paused ? 'play' : 'pause'} />}
                onClick={() => (monitor.paused ? void setPaused({ paused: false }) : pauses.open())}
              >
                {t(monitor.paused ? 'monitors.resume' : 'monitors.pause')}
              </Button>
            )}
            {may && (
              <Button variant="default" leftSection={<Icon name="mute" />} onClick={silences.open}>
                {t('alerts.silence')}
              </Button>
            )}
            {may && <Maintenance monitor={monitor} />}
            <CopyYaml id={monitor.id} />
            {may && monitor.origin === null && (
              <Button
                variant="default"
                component={Link}
                href={`/monitors/${monitor.id}/edit`}
                leftSection={<Icon name="edit" />}
              >
                {t('words.edit')}
              </Button>
            )}
          </>
        }
      />
      <Modal
        opened={pausing}
        onClose={pauses.close}
        title={t('manyMonitors.pauseTitle', { count: 1, name: monitor.name })}
      >
        <PauseDialog busy={busy} pause={setPaused} />
      </Modal>
      <Modal
        opened={silencing}
        onClose={silences.close}
        title={t('alerts.silenceTitle', { count: 1, subject: monitor.name })}
      >
        <Silence busy={busy} act={silence} />
      </Modal>
      {monitor.pause && <PausedBy pause={monitor.pause} />}
      {monitor.nobody_hears && (
        <Card mb="md" padding="sm" style={{ borderLeft: '4px solid var(--state-down)' }}>
          <Text fw={600} c="var(--state-down-text)">
            {t('monitors.nobodyHearsOf')}
          </Text>
        </Card>
      )}
      {monitor.cause && (
        <Card mb="md" padding="sm" style={{ borderLeft: `4px solid var(--state-${monitor.state})` }}>
          <Text className="break" style={{ maxHeight: '12em', overflow: 'auto' }}>
            {causeOf(monitor)}
          </Text>
          {monitor.code && (
            <Text size="sm" className="quiet">
              {t(`codes.${monitor.code as 'timeout'}`, { defaultValue: monitor.code })}
            </Text>
          )}
        </Card>
      )}
      {monitor.address_age_seconds !== undefined && (
        <Card mb="md" padding="sm" style={{ borderLeft: '4px solid var(--state-unknown)' }}>
          {t('monitors.lastKnownAddress', { age: duration(monitor.address_age_seconds * 1000) })}
        </Card>
      )}
      <UptimeCards id={monitor.id} />
      <Card mb="md" component="section">
        <Suspense fallback={<div style={{ height: 340 }} />}>
          <LatencyPanel id={monitor.id} />
        </Suspense>
      </Card>
      <Paths monitor={monitor} />
      <Dependants of={monitor.name} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} mb="md">
        <Transitions id={monitor.id} />
        <AlertsOf id={monitor.id} />
        <Notes about={{ monitor: monitor.id }} />
        <Results id={monitor.id} />
        <About monitor={monitor} />
      </SimpleGrid>
    </>
  )
}

/** Who paused it, until when, and why. */
const PausedBy = ({ pause: { by, until, reason } }: { readonly pause: NonNullable<MonitorDetail['pause']> }) => {
  const { t } = useTranslation()
  const name = useWho()(by)
  return (
    <Card mb="md" padding="sm" style={{ borderLeft: '4px solid var(--state-unknown)' }}>
      <span className="break">
        {until ? t('manyMonitors.byAndUntil', { name, time: soonTime(until) }) : t('manyMonitors.by', { name })}
        {reason && `: ${reason}`}
      </span>
    </Card>
  )
}

const About = ({ monitor }: { readonly monitor: MonitorDetail }) => {
  const { t } = useTranslation()
  const link = /^https?:\/\//.test(monitor.runbook) ? monitor.runbook : undefined
  const lines = [
    [t('words.description'), monitor.description],
    [t('monitors.location'), monitor.location],
    [t('words.channels'), monitor.channels.join(', ')],
    [t('alerts.through'), monitor.parents.map((group) => group.join(' + ')).join(', ')],
    [t('words.severity'), t(`words.${monitor.severity}`)],
  ] as const
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('monitors.about')}
      </Text>
      <dl style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '6px 16px', margin: 0, fontSize: 14 }}>
        {lines
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt className="quiet">{name}</dt>
              <dd className="break" style={{ margin: 0 }}>
                {value}
              </dd>
            </div>
          ))}
        {monitor.runbook !== '' && (
          <>
            <dt className="quiet">{t('monitors.runbook')}</dt>
            <dd className="break" style={{ margin: 0 }}>
              {link ? (
                <a href={link} rel="noreferrer">
                  {link}
                </a>
              ) : (
                monitor.runbook
              )}
            </dd>
          </>
        )}
      </dl>
      {monitor.origin !== null && (
        <Text size="sm" className="quiet" mt="xs">
          {t('monitors.ownedByFile', { origin: monitor.origin })}
        </Text>
      )}
    </Card>
  )
}
