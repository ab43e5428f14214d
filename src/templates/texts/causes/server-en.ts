import type { ServerCauses } from '#core/cause/server-causes.ts'
import { causeTexts } from './cause-texts.ts'

/** What the server tells of itself, in English. */
export const serverEn = causeTexts<ServerCauses>()({
  no_witness_answers: 'none of its witnesses answers',
  some_witnesses_silent: '{failing} of {witnesses} witnesses do not answer',
  witnesses_answer: 'its witnesses answer again',
  cut_off_no_more: 'this machine is no longer cut off',
  probes_late: 'one probe in a hundred begins more than {seconds} s late',
  probes_in_time: 'probes begin in time',
  names_fail: '{cause}; looked at by their last known address: {by_last_known}, not looked at: {not_looked_at}',
  one_monitor: '1 monitor',
  monitors: '{count} monitors',
  table_unread: 'it cannot be read, and what was there before stays: {why}',
  table_row_gone: 'no longer in the table {table}',
  table_lost_rows:
    'the table {table} has lost {lost} of {of} rows: nothing is changed until somebody takes it, on the page or by vigia tables take, with its name and --yes',
  table_taken: 'the table {table} is in force as it is',
  names_answered: 'the resolver answers again',
  history_damaged:
    '{file} was damaged and is set aside as {aside}: graphs begin anew; look at the disk, or bring back a backup',
  history_foreign: '{file} is of another installation and is set aside as {aside}: graphs begin anew',
  results_damaged:
    '{batches} batches of results in {file} are damaged and were left out: look at the disk, and keep a backup',
  keys_missing: 'the key that sealed secrets is missing (id {ids})',
  keys_found: 'every secret can be opened again',
})
