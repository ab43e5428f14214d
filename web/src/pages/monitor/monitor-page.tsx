import { Button, Card, Group, SimpleGrid, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMarks, useMay, useMonitor } from '../../api/queries.ts'
import type { MonitorDetail } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { Dependants } from '../../components/dependants.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Icon } from '../../components/icon.tsx'
import { Labels } from '../../components/labels.tsx'
import { Marks } from '../../components/marks.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { StateText, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { duration, milliseconds } from '../../lib/format.ts'
import { targetText } from '../../lib/target-text.ts'
import { Notes } from '../shift/notes.tsx'
import { AlertsOf } from './alerts-of.tsx'
import { CheckNow } from './check-now.tsx'
import { CopyYaml } from './copy-yaml.tsx'
import { Maintenance } from './maintenance.tsx'
import { Paths } from './paths.tsx'
import { PushAddress } from './push-address.tsx'
import { Results } from './results.tsx'
import { Transitions } from './transitions.tsx'
import { UptimeCards } from './uptime-cards.tsx'

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

/** Pauses or resumes, with the way back. */
const usePause = (monitor: MonitorDetail) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const set = async (paused: boolean, again = true): Promise<void> => {
    try {
      await api.post(`/monitors/${monitor.id}/pause`, { paused })
      await client.invalidateQueries({ queryKey: ['monitor', monitor.id] })
      void client.invalidateQueries({ queryKey: ['monitors'] })
      const text = t(paused ? 'monitors.pausedNow' : 'monitors.resumedNow', { name: monitor.name })
      sayDone(text, again ? () => void set(!paused, false) : undefined)
    } catch (error) {
      sayFailed(errorText(error))
    }
  }
  return set
}

const Monitor = ({ monitor }: { readonly monitor: MonitorDetail }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const may = useMay()
  const pause = usePause(monitor)
  const state = shownState(monitor)
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
            {monitor.since && (
              <>
                <span>·</span>
                <span>
                  {t('words.since').toLowerCase()} <Ago at={monitor.since} />
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
            {may && (monitor.passive ? <PushAddress id={monitor.id} /> : <CheckNow id={monitor.id} />)}
            {may && (
              <Button
                variant="default"
                leftSection={<Icon name={monitor.paused ? 'play' : 'pause'} />}
                onClick={() => void pause(!monitor.paused)}
              >
                {t(monitor.paused ? 'monitors.resume' : 'monitors.pause')}
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
