import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CommonCause } from '../../../src/core/alert/common-cause.ts'
import type { SilentReason } from '../../../src/core/event/silent-log.ts'
import { api, query } from './client.ts'
import type {
  Alert,
  AlertCounts,
  Channel,
  Event,
  Mark,
  Me,
  Monitor,
  MonitorDetail,
  Page,
  Rule,
  Sight,
  Types,
} from './types.ts'

const PAGE = 1000

/** All monitors, page by page: the first thousand is shown while the rest still comes. */
const loadMonitors = async (client: QueryClient, signal: AbortSignal): Promise<readonly Monitor[]> => {
  const first = client.getQueryData<readonly Monitor[]>(['monitors']) === undefined
  let monitors: readonly Monitor[] = []
  let cursor: number | string | null = null
  do {
    const page: Page<Monitor> = await api.get(`/monitors${query({ brief: true, limit: PAGE, cursor })}`, signal)
    monitors = [...monitors, ...page.items]
    cursor = page.next_cursor
    if (first && cursor !== null) client.setQueryData(['monitors'], monitors)
  } while (cursor !== null)
  return monitors
}

export const useMonitors = () => {
  const client = useQueryClient()
  return useQuery({ queryKey: ['monitors'], queryFn: ({ signal }) => loadMonitors(client, signal), staleTime: 60_000 })
}

export const useMonitor = (id: number) =>
  useQuery({ queryKey: ['monitor', id], queryFn: () => api.get<MonitorDetail>(`/monitors/${id}`) })

export const useMe = () => useQuery({ queryKey: ['me'], queryFn: () => api.get<Me>('/me'), staleTime: 300_000 })

/** Whether the reader's role allows to change things. */
export const useMay = (needed: 'operator' | 'administrator' = 'operator'): boolean => {
  const { data } = useMe()
  return data?.role === 'administrator' || (needed === 'operator' && data?.role === 'operator')
}

export const useTypes = () =>
  useQuery({ queryKey: ['types'], queryFn: () => api.get<Types>('/types'), staleTime: Number.POSITIVE_INFINITY })

/** What the page says causes and cures by, in one language. */
interface Phrases {
  readonly sentences: ReadonlyMap<string, string>
  readonly cures: ReadonlyMap<string, string>
  /** What the steps of a look, and what they find, are called. */
  readonly looks: ReadonlyMap<string, string>
}

interface Phrase {
  readonly code: string
  readonly text: string
}

const byCode = (phrases: readonly Phrase[]) => new Map(phrases.map(({ code, text }) => [code, text]))

const loadPhrases = async (language: string): Promise<Phrases> => {
  const { items, cures, looks } = await api.get<
    Page<Phrase> & { readonly cures: readonly Phrase[]; readonly looks: readonly Phrase[] }
  >(`/phrases${query({ language })}`)
  return { sentences: byCode(items), cures: byCode(cures), looks: byCode(looks) }
}

/** The sentences of causes in this language; in English, which they come in, they are not asked for unless all is `wanted`. */
export const usePhrases = (language: string, wanted = language !== 'en') =>
  useQuery({
    queryKey: ['phrases', language],
    queryFn: () => loadPhrases(language),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useChannels = () =>
  useQuery({ queryKey: ['channels'], queryFn: async () => (await api.get<Page<Channel>>('/channels')).items })

/** A security tool whose logs are followed. */
export interface SourceView {
  readonly kind: string
  readonly name: string
  readonly last_record_at: string | null
  /** Paths and logs that give nothing, and why. */
  readonly silent: readonly {
    readonly path: string
    readonly reason: SilentReason
    readonly form: string | null
    readonly lines: number | null
  }[]
  readonly logs: readonly {
    readonly path: string
    readonly lines: number
    readonly behind_bytes: number
    readonly left_out: Readonly<Record<string, number>>
  }[]
}

export interface Sources {
  readonly items: readonly SourceView[]
  readonly address_facts: { readonly country: boolean; readonly owner: boolean }
}

export const useSources = () => useQuery({ queryKey: ['sources'], queryFn: () => api.get<Sources>('/sources') })

export const useRules = () =>
  useQuery({ queryKey: ['rules'], queryFn: async () => (await api.get<Page<Rule>>('/rules')).items })

/** Which parts of the server are in use: those have entries of their own. */
export type Uses = Readonly<Record<'calendar' | 'shift' | 'duty' | 'map' | 'connections' | 'security', boolean>>

export const useUses = () => useQuery({ queryKey: ['uses'], queryFn: () => api.get<Uses>('/uses'), staleTime: 300_000 })

export interface AlertFilter {
  readonly status?: 'firing' | 'resolved' | undefined
  readonly severity?: string | undefined
  readonly monitor?: number | undefined
  readonly limit?: number | undefined
  /** Of open ones: the most severe first. */
  readonly sort?: 'severity' | undefined
  /** Of open ones: false leaves out those about what others cut off. */
  readonly cut_off?: boolean | undefined
  /** Of open ones: those about what this monitor cuts off. */
  readonly cut_off_by?: number | undefined
  /** Words that all stand in it, or in what is known of its monitor. */
  readonly q?: string | undefined
}

export const useAlerts = (filter: AlertFilter) =>
  useQuery({
    queryKey: ['alerts', filter],
    queryFn: async () => (await api.get<Page<Alert>>(`/alerts${query({ limit: 200, ...filter })}`)).items,
    placeholderData: (before) => before,
  })

export const useAlertCounts = () =>
  useQuery({ queryKey: ['alerts', 'counts'], queryFn: () => api.get<AlertCounts>('/alerts/counts') })

/** Open alerts that may have one cause. */
export const useAlertGroups = () =>
  useQuery({
    queryKey: ['alerts', 'groups'],
    queryFn: async () => (await api.get<{ readonly items: readonly CommonCause[] }>('/alerts/groups')).items,
  })

/** What ends by itself is looked for again so often. */
const MARKS_MS = 60_000

const loadMarks = async (): Promise<ReadonlyMap<number, Mark>> => {
  const { items } = await api.get<Pick<Page<Mark>, 'items'>>('/monitors/marks')
  return new Map(items.map((mark) => [mark.id, mark]))
}

/** Who takes care of which monitors, which are silenced, and which are in maintenance; by monitor id. */
export const useMarks = (): ReadonlyMap<number, Mark> =>
  useQuery({ queryKey: ['marks'], queryFn: loadMarks, refetchInterval: MARKS_MS }).data ?? NO_MARKS
const NO_MARKS: ReadonlyMap<number, Mark> = new Map()

/** How many monitors are unknown changes while nothing is seen. */
const BLIND_MS = 10_000

export const useSight = () =>
  useQuery({
    queryKey: ['sight'],
    queryFn: () => api.get<Sight>('/sight'),
    refetchInterval: ({ state: { data } }) => (data?.blind || data?.resolver ? BLIND_MS : false),
  })

export const useEvents = (type: string | undefined, limit: number) =>
  useQuery({
    queryKey: ['events', type, limit],
    queryFn: async () => (await api.get<Page<Event>>(`/events${query({ type, limit })}`)).items,
    placeholderData: (before) => before,
  })
