import type { MessageCase } from '../case.ts'
import { digestCases } from './digests.ts'
import { eventCases } from './events.ts'
import { monitorCases } from './monitors.ts'
import { noticeCases } from './notices.ts'
import { serverCases } from './server.ts'

/** Every kind of message that people get: the only list. */
export const messageCases: readonly MessageCase[] = [
  ...monitorCases,
  ...digestCases,
  ...serverCases,
  ...eventCases,
  ...noticeCases,
]
