/** What keeps the server from its work: each with the names of its facts. A `reason` is a cause itself. */
export interface TroubleCauses {
  readonly store_refuses: 'reason'
  readonly store_silent: 'reason'
  /** It goes on in memory, for the disk is full. */
  readonly store_away: 'reason'
  readonly results_unkept: 'reason'
  readonly engine_silent: 'seconds'
  /** No network interface has a link. */
  readonly cut_off: 'reason'
  readonly all_probes_late: 'seconds'
  readonly notifications_wait: 'minutes'
}
