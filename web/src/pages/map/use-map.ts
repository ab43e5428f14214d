import { useQuery } from '@tanstack/react-query'
import { api, query } from '../../api/client.ts'
import { addTexts } from '../../i18n/index.ts'
import { map as texts } from '../../i18n/texts/map.ts'
import type { NetworkMap, Shapes } from './types.ts'

addTexts('map', texts)

const REFRESH_MS = 10_000

/** The map as it stands; `monitor`: whose node is meant. */
export const useMap = (monitor?: number) => {
  const label = new URLSearchParams(window.location.search).get('label') ?? undefined
  return useQuery({
    queryKey: ['map', label, monitor],
    queryFn: () => api.get<NetworkMap>(`/map${query({ label, monitor })}`),
    refetchInterval: REFRESH_MS,
  })
}

/** The shapes under it, where it has any. */
export const useShapes = (ground: NetworkMap['ground'] | undefined) =>
  useQuery({
    queryKey: ['map-shapes', ground?.edition],
    queryFn: () => api.get<Shapes>(`/map/ground?v=${ground!.edition}`),
    enabled: ground?.kind === 'shapes',
    staleTime: Number.POSITIVE_INFINITY,
  })
