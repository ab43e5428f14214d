import type { TroubleCauses } from '#core/cause/trouble-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const troubleEs = causeTexts<TroubleCauses>()({
  store_refuses: 'la base de datos no acepta escrituras: {reason}',
  store_silent: 'la base de datos no responde: {reason}',
  store_away: '{reason}',
  results_unkept: 'no se pueden guardar los resultados: {reason}',
  engine_silent: 'el motor de comprobaciones no da resultados desde hace {seconds} s',
  cut_off: '{reason}',
  all_probes_late: 'las comprobaciones empiezan {seconds} s tarde',
  notifications_wait: 'hay avisos que esperan desde hace {minutes} min',
})
