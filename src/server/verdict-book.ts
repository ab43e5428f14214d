import {
  FLOW_VERDICTS,
  type FlowVerdict,
  NO_VERDICTS,
  type SiteVerdicts,
  siteVerdicts,
} from '#core/event/site-verdicts.ts'
import type { Storage } from '#storage/index.ts'

/** What operators said of predictions, in memory for detectors; read once a source of them starts, and after each answer. */
export interface VerdictBook {
  readonly current: () => SiteVerdicts
  readonly reload: () => Promise<void>
}

export const createVerdictBook = ({ settings }: Pick<Storage, 'settings'>): VerdictBook => {
  let current = NO_VERDICTS
  return {
    current: () => current,
    reload: async () => {
      current = siteVerdicts((await settings.get<readonly FlowVerdict[]>(FLOW_VERDICTS)) ?? [])
    },
  }
}
