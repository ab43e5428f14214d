import type { WorkCauses } from '#core/cause/work-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const workEs = causeTexts<WorkCauses>()({
  nothing_to_remove: 'nada que borrar',
  rows_removed: 'filas borradas: {count}',
  events_removed: 'eventos borrados: {count}',
  alerts_removed: 'alertas borradas: {count}',
  changes_removed: 'cambios de estado borrados: {count}',
  work_done: 'hecho',
  open_alerts_told: 'alertas abiertas: {count}',
  work_done_each: '{each}',
})
