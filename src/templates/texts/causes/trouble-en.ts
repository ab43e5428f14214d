import type { TroubleCauses } from '#core/cause/trouble-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const troubleEn = causeTexts<TroubleCauses>()({
  store_refuses: '{reason}',
  store_silent: 'the database does not answer: {reason}',
  store_away: '{reason}',
  results_unkept: 'results cannot be kept: {reason}',
  engine_silent: 'no results from the probe engine for {seconds} s',
  cut_off: '{reason}',
  all_probes_late: 'probes begin {seconds} s late',
  notifications_wait: 'notifications have waited for {minutes} min',
})
