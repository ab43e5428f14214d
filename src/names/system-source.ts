import { systemTiming } from '#lib/time/timing.ts'
import { createAdmission, type Trust } from './admission.ts'
import { type Recall, recallNow } from './dns-source.ts'
import { createSystemProcess, type SystemEnd, type SystemProcess, type SystemProcessOptions } from './system-process.ts'

/** The system's own resolver, asked for so many names at once. */
export interface SystemSource extends Pick<SystemProcess, 'pid' | 'close'> {
  /** `begun` is told when the question leaves our queue; `recall` calls it off. Never rejects. */
  find(host: string, family: 0 | 4 | 6, trust: Trust, recall: Recall, begun: () => void): Promise<SystemEnd>
  waiting(): number
}

/** Questions that the system is asked at once. */
const PLACES = 24

export const createSystemSource = ({
  timing = systemTiming,
  longestMs,
}: Partial<Pick<SystemProcessOptions, 'longestMs' | 'timing'>> = {}): SystemSource => {
  const admission = createAdmission(PLACES, timing)
  const system = createSystemProcess({ ...(longestMs !== undefined && { longestMs }), places: PLACES, timing })
  return {
    find: async (host, family, trust, recall, begun) => {
      const guest = { trust, recall: () => recallNow(recall) }
      await admission.enter(guest)
      begun()
      try {
        return await new Promise<SystemEnd>((resolve) => {
          const off = system.ask(host, family, resolve)
          recall.off = () => {
            off()
            resolve({ code: 'EAI_AGAIN' })
          }
        })
      } finally {
        admission.leave(guest)
      }
    },
    waiting: admission.waiting,
    pid: system.pid,
    close: system.close,
  }
}
