import { Button, Card, FileButton, Group, NumberInput, Select, SimpleGrid, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMonitors } from '../../api/queries.ts'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { useAct } from '../../lib/use-act.ts'
import type { Bounds, NetworkMap, Place } from './types.ts'

const LARGEST = 5_000_000
const TALLEST = 80
const WIDTH = 10

const base64Of = (file: File): Promise<string> =>
  new Promise((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).split(',', 2)[1] ?? '')
    reader.onerror = () => fail(reader.error)
    reader.readAsDataURL(file)
  })

/** Edges that keep the shape of a picture: around what has a place already, else anywhere. */
const edgesOf = async (file: File, places: readonly Place[]): Promise<{ readonly bounds?: Bounds }> => {
  if (!file.type.startsWith('image/')) return {}
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return {}
  const ratio = picture.height / picture.width
  if (places.length < 2) return { bounds: { south: 0, west: 0, north: Math.min(TALLEST, WIDTH * ratio), east: WIDTH } }
  const [lats, lons] = [places.map(({ lat }) => lat), places.map(({ lon }) => lon)]
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)]
  const narrow = Math.max(0.05, Math.cos((((south + north) / 2) * Math.PI) / 180))
  const wide = Math.max((east - west) * narrow, (north - south) / ratio, 0.01) * 1.2
  const [middle, centre, half] = [(south + north) / 2, (west + east) / 2, wide / 2]
  return {
    bounds: {
      south: Math.max(-90, middle - half * ratio),
      north: Math.min(90, middle + half * ratio),
      west: Math.max(-180, centre - half / narrow),
      east: Math.min(180, centre + half / narrow),
    },
  }
}

interface Imported {
  readonly placed: number
  readonly unknown: readonly string[]
}

interface Props {
  readonly map: NetworkMap
  /** Where something new is put. */
  readonly middle: () => Place
}

/** What there is to do while the map is arranged. */
export const Arrange = ({ map, middle }: Props) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('map', 'uses')
  const { data: monitors = [] } = useMonitors()
  const taken = new Set(map.tree ? [] : map.nodes.map(({ name }) => name))
  const sites = monitors.flatMap(({ labels }) => labels[map.label] ?? [])
  const names = [...new Set([...sites, ...monitors.map(({ name }) => name)])].filter((name) => !taken.has(name))
  const send = (file: File | null, work: (data: string, file: File) => Promise<unknown>) => {
    if (!file) return
    if (file.size > LARGEST) return sayFailed(t('map.tooLarge'))
    void act(async () => work(await base64Of(file), file))
  }
  const take = (file: File | null) =>
    send(file, async (data) => {
      const { placed, unknown } = await api.post<Imported>('/map/import', { data, label: map.label })
      sayDone(t('map.imported', { count: placed }))
      if (unknown.length > 0) sayFailed(t('map.unknown', { names: unknown.slice(0, 10).join(', ') }))
    })
  const lay = (file: File | null) =>
    send(file, async (data, picture) => {
      await api.put('/map/ground', {
        data,
        ...(await edgesOf(
          picture,
          map.nodes.flatMap(({ place }) => place ?? []),
        )),
      })
      sayDone(t('map.laid'))
    })
  return (
    <Card mb="md">
      <Text size="sm" className="quiet" mb="sm">
        {t('map.editHint')}
      </Text>
      <Group align="flex-end" gap="sm">
        <Select
          label={t('map.add')}
          placeholder={t('map.addPick')}
          data={names.slice(0, 2000)}
          value={null}
          searchable
          limit={50}
          onChange={(name) =>
            name !== null &&
            void act(() => api.put('/map/places', { items: [{ name, ...middle() }] }), t('map.moved', { name }))
          }
        />
        <FileButton onChange={take} accept=".csv,.txt,.kml,.kmz">
          {(props) => (
            <Button variant="default" loading={busy} title={t('map.importHint')} {...props}>
              {t('map.import')}
            </Button>
          )}
        </FileButton>
        <FileButton onChange={lay} accept=".png,.jpg,.jpeg,.webp,.json,.geojson">
          {(props) => (
            <Button variant="default" loading={busy} title={t('map.groundHint')} {...props}>
              {t('map.ground')}
            </Button>
          )}
        </FileButton>
        {map.ground && (
          <Button
            variant="default"
            loading={busy}
            onClick={() => void act(() => api.delete('/map/ground'), t('map.cleared'))}
          >
            {t('map.clear')}
          </Button>
        )}
      </Group>
      <Text size="sm" className="quiet" mt="xs">
        {t('map.importHint')}. {t('map.groundHint')}
      </Text>
      {map.ground?.bounds && <Edges key={map.ground.edition} bounds={map.ground.bounds} />}
    </Card>
  )
}

/** Where the edges of the picture are. */
const Edges = ({ bounds }: { readonly bounds: Bounds }) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('map')
  const [edges, setEdges] = useState(bounds)
  return (
    <>
      <Text size="sm" mt="sm" mb={4}>
        {t('map.edges')}
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 5 }}>
        {(['south', 'west', 'north', 'east'] as const).map((edge) => (
          <NumberInput
            key={edge}
            label={t(`map.${edge}`)}
            value={edges[edge]}
            onChange={(value) => typeof value === 'number' && setEdges({ ...edges, [edge]: value })}
          />
        ))}
        <Button
          variant="default"
          mt={24}
          loading={busy}
          onClick={() => void act(() => api.put('/map/ground', { bounds: edges }), t('map.saved'))}
        >
          {t('map.save')}
        </Button>
      </SimpleGrid>
    </>
  )
}
