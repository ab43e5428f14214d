import { Button, Text } from '@mantine/core'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { useAct } from '../../lib/use-act.ts'
import { Section } from '../settings/section.tsx'
import { Arrange } from './arrange.tsx'
import { Paper } from './paper.tsx'
import type { MapNode, NetworkMap, Place } from './types.ts'
import { useMap, useShapes } from './use-map.ts'

const HEIGHT = window.innerWidth < 600 ? 420 : 560

/** The network on a map, or as a tree where nothing has a place. */
const MapPage = () => {
  const { t } = useTranslation()
  const may = useMay()
  const map = useMap()
  const [editing, setEditing] = useState(false)
  return (
    <>
      <PageHead
        title={t('map.title')}
        below={
          map.data?.tree && (
            <Text size="sm" className="quiet">
              {t('map.tree')}
            </Text>
          )
        }
        actions={
          may && (
            <Button variant="default" onClick={() => setEditing(!editing)}>
              {editing ? t('map.done') : t('map.edit')}
            </Button>
          )
        }
      />
      <Loaded query={map} lines={8}>
        {(data) => <Shown map={data} editing={editing} />}
      </Loaded>
    </>
  )
}
export default MapPage

/** Where a node leads to. */
const addressOf = ({ monitor, name }: MapNode, label: string): string =>
  monitor === null ? `/?q=${encodeURIComponent(`${label}=${name}`)}` : `/monitors/${monitor}`

const Shown = ({ map, editing }: { readonly map: NetworkMap; readonly editing: boolean }) => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { act } = useAct('map', 'uses')
  const { data: shapes } = useShapes(map.ground)
  const middle = useRef<Place>({ lat: 0, lon: 0 })
  const seen = useCallback((place: Place) => {
    middle.current = place
  }, [])
  const place = (node: MapNode, at: Place) =>
    void act(() => api.put('/map/places', { items: [{ name: node.name, ...at }] }), t('map.moved', { name: node.name }))
  return (
    <>
      {editing && <Arrange map={map} middle={() => middle.current} />}
      {map.nodes.length === 0 && !map.ground ? (
        <Empty title={t('map.nothing')}>{t('map.nothingHint')}</Empty>
      ) : (
        <Paper
          map={map}
          shapes={shapes}
          height={HEIGHT}
          onOpen={(node) => go(addressOf(node, map.label))}
          onView={seen}
          {...(editing && !map.tree && { onMove: place })}
        />
      )}
      <div style={{ height: 16 }} />
      <Trouble map={map} editing={editing} />
    </>
  )
}

const Trouble = ({ map, editing }: { readonly map: NetworkMap; readonly editing: boolean }) => {
  const { t } = useTranslation()
  const { act } = useAct('map', 'uses')
  const shown = map.nodes.filter(
    ({ state, fixed }) => state === 'down' || state === 'degraded' || (editing && !map.tree && !fixed),
  )
  const lift = ({ name }: MapNode) =>
    void act(() => api.delete(`/map/places/${encodeURIComponent(name)}`), t('map.lifted', { name }))
  return (
    <Section title={t('map.trouble')}>
      {shown.length === 0 && (
        <Text size="sm" className="quiet">
          {t('map.noTrouble')}
        </Text>
      )}
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {shown.map((node) => (
          <li key={node.key} className="break">
            <Link href={addressOf(node, map.label)}>{node.name}</Link>{' '}
            <span className="quiet">{t(`map.states.${node.state}`)}</span>{' '}
            {editing && !map.tree && !node.fixed && (
              <Button size="compact-xs" variant="default" onClick={() => lift(node)}>
                {t('map.lift')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
