import { type Alert, isAcknowledged } from '#core/alert/alert.ts'
import type { CutOff } from '#core/monitor/cut-off.ts'
import { alertHaystack, monitorHaystack } from '#core/search/haystacks.ts'
import { holdsAll } from '#core/search/sought.ts'
import { Type } from '#lib/schema.ts'
import type { AlertOutline } from '#storage/alert-lists.ts'
import type { Services } from '../services.ts'
import { anId, listQuery } from './lists.ts'
import type { Search, SearchQuery } from './search-query.ts'
import { searchQuery } from './search-query.ts'

/** How alerts may be asked for. */
export const listAlerts = Type.Object({
  ...listQuery,
  status: Type.Optional(Type.Enum(['firing', 'resolved'])),
  ...searchQuery,
  rule: Type.Optional(anId('Id of a rule')),
  monitor: Type.Optional(anId('Id of a monitor')),
  subject: Type.Optional(Type.String()),
  sort: Type.Optional(Type.Enum(['severity'], { description: 'Of open ones: the most severe first, then the newest' })),
  cut_off: Type.Optional(
    Type.Boolean({ description: 'Of open ones: only those about what others cut off, or none of them' }),
  ),
  cut_off_by: Type.Optional(anId('Of open ones: only those about what this monitor cuts off')),
})
export interface ListQuery extends SearchQuery {
  readonly limit: number
  readonly cursor?: number
  readonly status?: 'firing' | 'resolved'
  readonly rule?: number
  readonly monitor?: number
  readonly subject?: string
  readonly sort?: 'severity'
  readonly cut_off?: boolean
  readonly cut_off_by?: number
}

interface Listed {
  readonly items: readonly Alert[]
  readonly next: number | null
}

type Wanted = Pick<ListQuery, 'severity' | 'monitor' | 'cut_off' | 'cut_off_by'>

/** Whether an open alert is among those that were asked for. */
const isWanted =
  ({ severity, monitor, cut_off, cut_off_by }: Wanted, cutOff: CutOff) =>
  ({ monitorId, severity: actual }: AlertOutline): boolean => {
    const by = monitorId === null ? undefined : cutOff.get(monitorId)
    return (
      (severity === undefined || severity === actual) &&
      (monitor === undefined || monitor === monitorId) &&
      (cut_off === undefined || cut_off === (by !== undefined)) &&
      (cut_off_by === undefined || by?.includes(cut_off_by) === true)
    )
  }

/** Whether an alert is what somebody looks for. */
const findsAlert =
  ({ monitor }: Pick<Services, 'monitor'>, { words, from, to }: Omit<Search, 'problem'>) =>
  (alert: Alert): boolean => {
    if ((from !== undefined && alert.since < from) || (to !== undefined && alert.since >= to)) return false
    if (words.length === 0) return true
    const known = alert.monitorId === null ? undefined : monitor(alert.monitorId)
    return holdsAll(alertHaystack(alert, known && monitorHaystack(known.monitor, known.target)), words)
  }

/** So many are read whole at once while those that fit are looked for. */
const PART = 500

/**
 * Alerts as they are asked for. Those of all times come as the store pages them; open ones that are sorted by severity,
 * or chosen by what is cut off now, are found among all that are open, and only those of one page are read whole.
 */
export const createAlertList = (services: Pick<Services, 'storage' | 'cutOff' | 'monitor'>) => {
  const { storage, cutOff } = services

  /** Open ones of the outline from a place on that fit, read a part at a time. */
  const standing = async (
    outline: readonly AlertOutline[],
    from: number,
    limit: number,
    fits: (alert: Alert) => boolean,
  ): Promise<Listed> => {
    const items: Alert[] = []
    for (let at = from; at < outline.length; at += PART) {
      const ids = outline.slice(at, at + PART).map(({ id }) => id)
      const read = new Map((await storage.alerts.some(ids)).map((alert) => [alert.id, alert]))
      for (const [index, id] of ids.entries()) {
        const alert = read.get(id)
        if (alert && fits(alert)) items.push(alert)
        if (items.length === limit) return { items, next: at + index + 1 < outline.length ? at + index + 1 : null }
      }
    }
    return { items, next: null }
  }

  return async (query: ListQuery, search: Omit<Search, 'problem'>): Promise<Listed> => {
    const { limit, cursor, rule, monitor, sort, cut_off, cut_off_by, status, severity, subject } = query
    const { words, from: since, to } = search
    const finds = findsAlert(services, search)
    const isSought = words.length > 0 || since !== undefined || to !== undefined
    if (sort === undefined && cut_off === undefined && cut_off_by === undefined) {
      const filter = { status, severity, subject, limit, before: cursor, ruleId: rule, monitorId: monitor }
      if (isSought) return storage.alerts.search({ ...filter, from: since, to, fits: finds })
      const found = await storage.alerts.page(filter)
      const goesOn = found.cut || found.items.length === limit
      return { items: found.items, next: goesOn ? found.items.at(-1)!.id : null }
    }
    const isListed = (alert: Alert) =>
      alert.status === 'firing' &&
      (rule === undefined || alert.ruleId === rule) &&
      (subject === undefined || alert.subject === subject)
    const outline = (await storage.alerts.outline()).filter(isWanted(query, cutOff()))
    const from = cursor ?? 0
    if (isSought) return standing(outline, from, limit, (alert) => isListed(alert) && finds(alert))
    const read = await storage.alerts.some(outline.slice(from, from + limit).map(({ id }) => id))
    return { items: read.filter(isListed), next: from + limit < outline.length ? from + limit : null }
  }
}

/** How many alerts are open: told apart into those that somebody must look at, and those that are
 * taken care of, in planned maintenance, or about what others cut off. */
export const countOpen = async (services: Services) => {
  const { storage, cutOff, now } = services
  const outline = await storage.alerts.outline()
  const isFolded = ({ monitorId }: AlertOutline) => monitorId !== null && cutOff().has(monitorId)
  const standing = outline.filter((one) => !isFolded(one))
  const isPlanned = ({ monitorId }: AlertOutline) => {
    const monitor = monitorId === null ? undefined : services.monitor(monitorId)?.monitor
    return monitor !== undefined && services.monitorQuiet(monitor)?.maintenance !== undefined
  }
  const unattended = standing.filter((one) => !isAcknowledged(one, now()))
  const open = unattended.filter((one) => !isPlanned(one))
  return {
    open: open.length,
    acknowledged: standing.length - unattended.length,
    maintenance: unattended.length - open.length,
    cut_off: outline.length - standing.length,
  }
}
