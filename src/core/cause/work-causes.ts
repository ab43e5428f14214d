/** What periodic work comes to: each with the names of its facts. */
export interface WorkCauses {
  readonly nothing_to_remove: never
  readonly rows_removed: 'count'
  readonly events_removed: 'count'
  readonly alerts_removed: 'count'
  readonly changes_removed: 'count'
  readonly work_done: never
  readonly open_alerts_told: 'count'
  /** One for each part of it. */
  readonly work_done_each: 'each'
}
