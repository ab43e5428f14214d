import type { Message } from '#core/message.ts'
import type { Severity } from '#core/severity.ts'

export const SEVERITY_COLORS: Readonly<Record<Severity, string>> = {
  LOW: '#10b981',
  MEDIUM: '#f59e0b',
  HIGH: '#f97316',
  CRITICAL: '#ef4444',
}
export const RECOVERY_COLOR = '#10b981'
const TEST_COLOR = '#6b7280'

/** Colour of a message: that of its severity, green for a recovery, grey for a test. */
export const colorOf = ({ reason, severity }: Pick<Message, 'reason' | 'severity'>): string =>
  reason === 'test' ? TEST_COLOR : reason === 'resolved' ? RECOVERY_COLOR : SEVERITY_COLORS[severity]

/** One coloured mark for chat. */
export const markOf = ({ reason, severity, state }: Pick<Message, 'reason' | 'severity' | 'state'>): string => {
  if (reason === 'test') return '🔵'
  if (reason === 'resolved') return '🟢'
  if (state === 'degraded') return '🟡'
  if (state === 'down') return '🔴'
  return { LOW: '🟢', MEDIUM: '🟡', HIGH: '🟠', CRITICAL: '🔴' }[severity]
}
