/** Why something of another tool comes in otherwise than it was, or not at all: each with the names of its facts. */
export interface ImportCauses {
  readonly import_kind_unknown: 'kind'
  readonly import_channel_unknown: 'kind'
  readonly import_setting_left: 'setting'
  readonly import_setting_becomes: 'setting' | 'instead'
  readonly import_not_accepted: 'field' | 'why'
  readonly import_renamed: 'was'
  readonly import_name_twice: 'was'
  readonly import_owned_by_file: 'origin'
  readonly import_secret_missing: 'field'
  readonly import_channel_off: 'why'
  readonly import_channel_local: 'address'
  readonly import_task: 'does'
  readonly import_task_ours: 'does'
  readonly import_line_unread: 'text'
  readonly import_file_missing: 'file'
  readonly import_was_off: never
  readonly import_was_paused: never
  readonly import_down_in: 'tool'
  readonly import_seen_by: 'tool'
  readonly import_down_of_none: 'name'
  readonly import_time_unread: 'text'
  readonly import_recovery_told: never
  readonly import_parent_missing: 'name'
  readonly import_channel_missing: 'name'
  readonly import_value_unread: 'field' | 'text'
  readonly import_value_unresolved: 'field' | 'text'
  readonly import_condition_dead: 'condition'
  readonly import_environment_ours: 'name'
  readonly import_no_history: never
  readonly import_rrd_undumped: 'file'
  readonly import_guessed: 'column' | 'meaning'
  // Why a source is refused as a whole.
  readonly import_not_there: never
  readonly import_no_access: 'why'
  readonly import_too_large: 'size' | 'most'
  readonly import_too_many_files: 'most'
  readonly import_not_recognised: 'kinds'
  readonly import_kind_not_found: 'kind'
  readonly import_kind_not_known: 'kind' | 'kinds'
  readonly import_not_text: never
  readonly import_bad_yaml: 'why'
  readonly import_bad_json: 'why'
  readonly import_bad_table: 'why'
  readonly import_bad_syntax: 'why'
  readonly import_database_damaged: 'why'
  readonly import_database_busy: never
  readonly import_empty: never
  readonly import_archive_name: 'name'
  readonly import_archive_large: 'most' | 'files'
  readonly import_archive_damaged: 'why'
  readonly import_archive_locked: 'name'
  readonly import_columns_unclear: 'columns'
}
