import type { Severity } from '#core/event/severity.ts'
import type { DigestItem, Message } from '#core/message/message.ts'
import { unanswered } from './endings.ts'

const SEVERITY_COLORS: Readonly<Record<Severity, string>> = {
  LOW: '#10b981',
  MEDIUM: '#f59e0b',
  HIGH: '#f97316',
  CRITICAL: '#ef4444',
}
/** A printer that is down is marked otherwise than a core router. */
const DOWN_MARKS: Readonly<Record<Severity, string>> = { LOW: '🟡', MEDIUM: '🟠', HIGH: '🔴', CRITICAL: '🔴' }
const RECOVERY_COLOR = '#10b981'
const TEST_COLOR = '#6b7280'
/** Nothing is wrong, and nothing was. */
const NOTICE_COLOR = '#3b82f6'

type Told = Pick<
  Message,
  'reason' | 'severity' | 'state' | 'items' | 'monitor' | 'resolved_by' | 'meanwhile' | 'notice'
>

/** Nobody looks at it, or it ended and nobody saw how. */
const isUnseen = ({ state, paused }: DigestItem): boolean => state === 'ended' || paused === true

/** True for what ended, all of it, though of some nothing answered, or it is in trouble again. */
const endedUnseen = (message: Told): boolean =>
  unanswered(message) !== undefined ||
  (message.reason === 'resolved' && message.meanwhile !== undefined) ||
  (message.reason === 'digest' &&
    message.items?.some(isUnseen) === true &&
    message.items.every((item) => item.state === 'up' || isUnseen(item)))

/** True when all that a message tells of is over. */
const isOver = ({ reason, items }: Told): boolean =>
  reason === 'resolved' || (reason === 'digest' && items !== undefined && items.every(({ state }) => state === 'up'))

/** Colour of a message: that of its severity, green for a recovery, grey for a test. */
export const colorOf = (message: Told): string => {
  // Grey as well what ended though nothing answered: green says that it is well.
  if (message.reason === 'test' || endedUnseen(message)) return TEST_COLOR
  if (message.notice && message.severity === 'LOW') return NOTICE_COLOR
  return isOver(message) ? RECOVERY_COLOR : SEVERITY_COLORS[message.severity]
}

/** One coloured mark for chat. */
export const markOf = (message: Told): string => {
  const { reason, severity, state } = message
  if (reason === 'test' || (message.notice && severity === 'LOW')) return '🔵'
  if (endedUnseen(message)) return '⚪'
  if (isOver(message)) return '🟢'
  if (state === 'degraded') return '🟡'
  if (state === 'down') return DOWN_MARKS[severity]
  if (message.items?.some((item) => item.state === 'down' && !isUnseen(item))) return '🔴'
  return { LOW: '🔵', MEDIUM: '🟡', HIGH: '🟠', CRITICAL: '🔴' }[severity]
}
