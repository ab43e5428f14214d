import { type Alert, isAcknowledged } from '#core/alert/alert.ts'
import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import type { CutOff } from '#core/monitor/cut-off.ts'
import { Type } from '#lib/schema.ts'
import type { AlertOutline } from '#storage/alerts.ts'
import type { Services } from '../services.ts'
import { anId, listQuery } from './lists.ts'

/** How alerts may be asked for. */
export const listAlerts = Type.Object({
  ...listQuery,
  status: Type.Optional(Type.Enum(['firing', 'resolved'])),
  severity: Type.Optional(Type.Enum(SEVERITIES as unknown as string[])),
  rule: Type.Optional(anId('Id of a rule')),
  monitor: Type.Optional(anId('Id of a monitor')),
  subject: Type.Optional(Type.String()),
  sort: Type.Optional(Type.Enum(['severity'], { description: 'Of open ones: the most severe first, then the newest' })),
  cut_off: Type.Optional(
    Type.Boolean({ description: 'Of open ones: only those about what others cut off, or none of them' }),
  ),
  cut_off_by: Type.Optional(anId('Of open ones: only those about what this monitor cuts off')),
})
export interface ListQuery {
  readonly limit: number
  readonly cursor?: number
  readonly status?: 'firing' | 'resolved'
  readonly severity?: Severity
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

/**
 * Alerts as they are asked for. Those of all times come as the store pages them; open ones that are sorted by severity,
 * or chosen by what is cut off now, are found among all that are open, and only those of one page are read whole.
 */
export const createAlertList =
  ({ storage, cutOff }: Pick<Services, 'storage' | 'cutOff'>) =>
  async (query: ListQuery): Promise<Listed> => {
    const { limit, cursor, rule, monitor, sort, cut_off, cut_off_by, ...filter } = query
    if (sort === undefined && cut_off === undefined && cut_off_by === undefined) {
      const found = await storage.alerts.page({ ...filter, limit, before: cursor, ruleId: rule, monitorId: monitor })
      const goesOn = found.cut || found.items.length === limit
      return { items: found.items, next: goesOn ? found.items.at(-1)!.id : null }
    }
    const outline = (await storage.alerts.outline()).filter(isWanted(query, cutOff()))
    const from = cursor ?? 0
    const ids = outline.slice(from, from + limit).map(({ id }) => id)
    const read = await storage.alerts.some(ids)
    const items = read.filter(
      ({ status, ruleId, subject }) =>
        status === 'firing' &&
        (rule === undefined || ruleId === rule) &&
        (filter.subject === undefined || subject === filter.subject),
    )
    return { items, next: from + limit < outline.length ? from + limit : null }
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
