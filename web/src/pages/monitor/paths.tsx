import { Button, Card, Group, SimpleGrid, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay, useMonitors } from '../../api/queries.ts'
import type { MonitorDetail } from '../../api/types.ts'
import { Moment } from '../../components/time.tsx'
import { useAct } from '../../lib/use-act.ts'

interface Hop {
  readonly distance: number
  readonly address: string | null
  readonly monitor: string | null
}

interface Path {
  readonly at: string | null
  readonly address: string
  readonly reached: boolean
  readonly hops: readonly Hop[]
}

interface Paths {
  readonly well: Path | null
  readonly failing: Path | null
  /** One sentence: how far one still gets. */
  readonly last_hop: string | null
}

/** The nearest watched hop before the target: what the monitor is reached through, most likely. */
const proposalOf = ({ well }: Paths, monitor: MonitorDetail): string | undefined => {
  const before = well?.hops.filter(
    ({ address, monitor: name }) => name !== null && name !== monitor.name && address !== well.address,
  )
  const name = before?.at(-1)?.monitor
  return name && !monitor.parents.flat().includes(name) ? name : undefined
}

/** The ways that packets take, where they were looked at, and the parent that they propose. */
export const Paths = ({ monitor }: { readonly monitor: MonitorDetail }) => {
  const { t } = useTranslation()
  const may = useMay()
  const client = useQueryClient()
  const { act, busy } = useAct('monitors')
  const paths = useQuery({
    queryKey: ['monitor', monitor.id, 'path'],
    queryFn: () => api.get<Paths>(`/monitors/${monitor.id}/path`),
    staleTime: 60_000,
  })
  if (!paths.data?.well && !paths.data?.failing) return null
  const proposal = proposalOf(paths.data, monitor)
  const confirm = (name: string) =>
    act(
      async () => {
        await api.patch(`/monitors/${monitor.id}`, { parents: [...monitor.parents, [name]] })
        await client.invalidateQueries({ queryKey: ['monitor', monitor.id] })
      },
      t('monitors.parentSet', { name: monitor.name, parent: name }),
      () => void act(() => api.patch(`/monitors/${monitor.id}`, { parents: monitor.parents })),
    )
  return (
    <Card component="section" mb="md">
      <Text component="h2" fw={600} mb="xs">
        {t('monitors.paths')}
      </Text>
      {paths.data.last_hop && <Text size="sm">{paths.data.last_hop}</Text>}
      {proposal && (
        <Group gap="sm" mb="sm">
          <Text size="sm">{t('monitors.parentProposed', { parent: proposal })}</Text>
          {may && monitor.origin === null && (
            <Button size="xs" variant="default" loading={busy} onClick={() => void confirm(proposal)}>
              {t('monitors.parentConfirm')}
            </Button>
          )}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Way title={t('monitors.pathWell')} path={paths.data.well} />
        <Way title={t('monitors.pathFailing')} path={paths.data.failing} />
      </SimpleGrid>
    </Card>
  )
}

const Way = ({ title, path }: { readonly title: string; readonly path: Path | null }) => {
  const { data: monitors = [] } = useMonitors()
  if (!path) return null
  return (
    <div>
      <Text size="sm" className="quiet">
        {title}, <Moment at={path.at} />
      </Text>
      <ol style={{ margin: '4px 0 0', paddingLeft: 26, fontSize: 14 }}>
        {path.hops.map(({ distance, address, monitor: name }) => {
          const known = monitors.find((one) => one.name === name)
          return (
            <li key={distance} value={distance}>
              <span className="mono">{address ?? '*'}</span>{' '}
              {known && <Link href={`/monitors/${known.id}`}>{known.name}</Link>}
            </li>
          )
        })}
      </ol>
    </div>
  )
}
