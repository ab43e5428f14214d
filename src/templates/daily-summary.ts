import type { Message } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import type { DayCounts } from './texts/event-words.ts'
import type { Texts } from './texts/texts.ts'

const COUNTS = ['open_alerts', 'up', 'degraded', 'down', 'unknown'] as const

/** True for the summary of a day, as the server's own work hands it in. */
export const isDailySummary = ({ event, items }: Message): boolean =>
  event?.type === 'summary' && items === undefined && COUNTS.every((name) => typeof event[name] === 'number')

/** How many alerts are open. */
export const openAlerts = ({ event }: Message): number => Number(event?.open_alerts)

/** What is open, and how all monitors are. */
export const summaryLines = (message: Message, { day }: Texts): readonly string[] => [
  day.openLine(openAlerts(message), oneLine(String(message.event?.subjects ?? ''))),
  day.monitors(message.event as unknown as DayCounts),
]
