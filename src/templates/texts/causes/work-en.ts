import type { WorkCauses } from '#core/cause/work-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const workEn = causeTexts<WorkCauses>()({
  nothing_to_remove: 'nothing to remove',
  rows_removed: 'rows removed: {count}',
  events_removed: 'events removed: {count}',
  alerts_removed: 'alerts removed: {count}',
  changes_removed: 'changes of state removed: {count}',
  work_done: 'done',
  open_alerts_told: 'open alerts: {count}',
  work_done_each: '{each}',
})
