/** What the server tells of itself: each cause with the names of its facts. `never`: it has none. */
export interface ServerCauses {
  readonly no_witness_answers: never
  readonly some_witnesses_silent: 'failing' | 'witnesses'
  readonly witnesses_answer: never
  readonly cut_off_no_more: never
  readonly probes_late: 'seconds'
  readonly probes_in_time: never
  /** `cause` says of which resolver, and how; the others are `one_monitor` or `monitors`. */
  readonly names_fail: 'cause' | 'by_last_known' | 'not_looked_at'
  readonly one_monitor: never
  readonly monitors: 'count'
  readonly names_answered: never
  readonly table_unread: 'why'
  readonly table_row_gone: 'table'
  readonly table_lost_rows: 'table' | 'lost' | 'of'
  readonly table_taken: 'table'
  readonly history_damaged: 'file' | 'aside'
  readonly history_foreign: 'file' | 'aside'
  readonly results_damaged: 'batches' | 'file'
  readonly keys_missing: 'ids'
  readonly keys_found: never
}
