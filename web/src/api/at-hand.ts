import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from './client.ts'

export type FilterPage = 'monitors' | 'alerts' | 'events'

export interface SavedFilter {
  readonly id: number
  readonly page: FilterPage
  readonly name: string
  /** As it stands in the address. */
  readonly filter: string
}

interface AtHand {
  readonly filters: readonly SavedFilter[]
  readonly favourites: readonly number[]
}

/** What the reader keeps at hand; it stands with the account, not with this browser. */
export const useAtHand = () =>
  useQuery({ queryKey: ['at-hand'], queryFn: () => api.get<AtHand>('/me/at-hand'), staleTime: 300_000 })

const NONE: ReadonlySet<number> = new Set()

/** Ids of the reader's favourite monitors, and the way to make one. */
export const useFavourites = () => {
  const client = useQueryClient()
  const { data } = useAtHand()
  const favourites = useMemo(() => (data && data.favourites.length > 0 ? new Set(data.favourites) : NONE), [data])
  const toggle = async (id: number) => {
    await (favourites.has(id) ? api.delete(`/me/favourites/${id}`) : api.put(`/me/favourites/${id}`, undefined))
    await client.invalidateQueries({ queryKey: ['at-hand'] })
  }
  return { favourites, toggle }
}
