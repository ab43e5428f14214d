import { useQuery } from '@tanstack/react-query'
import { api, query } from '../../api/client.ts'
import type { Page } from '../../api/types.ts'
import type { Jails, KnownAddress, Neighbours, RankedList, SeenList } from './types.ts'

/** A look goes through many events: it is not made anew with each that comes. */
const LOOK_MS = 60_000

export const useKnownAddress = (address: string, days: number) =>
  useQuery({
    queryKey: ['address', address, days],
    queryFn: ({ signal }) =>
      api.get<KnownAddress>(`/addresses/${encodeURIComponent(address)}${query({ days })}`, signal),
    refetchInterval: LOOK_MS,
    placeholderData: (before) => before,
    retry: false,
  })

export const useMostSeen = () =>
  useQuery({
    queryKey: ['addresses'],
    queryFn: ({ signal }) => api.get<SeenList>('/addresses?limit=50', signal),
    refetchInterval: LOOK_MS,
  })

export const useRanked = () =>
  useQuery({
    queryKey: ['addresses', 'ranked'],
    queryFn: ({ signal }) => api.get<RankedList>('/addresses/ranked?limit=10', signal),
    refetchInterval: LOOK_MS,
  })

export const useNeighbours = (address: string, days: number, wanted: boolean) =>
  useQuery({
    queryKey: ['address', address, days, 'others'],
    queryFn: ({ signal }) =>
      api.get<Neighbours>(`/addresses/${encodeURIComponent(address)}/others${query({ days })}`, signal),
    enabled: wanted,
  })

export const useJails = () =>
  useQuery({
    queryKey: ['jails'],
    queryFn: async () => (await api.get<Pick<Page<Jails>, 'items'>>('/bans/jails')).items,
  })
