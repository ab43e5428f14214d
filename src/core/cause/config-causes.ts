/** What is wrong with a configuration file, or keeps a server from its start: each with the names of its facts. */
export interface ConfigCauses {
  // What would be right, within another.
  readonly did_you_mean: 'meant'
  readonly there_are: 'names'
  readonly there_are_none: never
  readonly known_are: 'names'
  readonly none_add_channels: never
  readonly make_channel_first: never
  readonly add_duty_list: never
  // Of the file as a whole.
  readonly file_not_there: never
  readonly file_is_folder: never
  readonly file_unread: 'error'
  readonly file_too_large: never
  /** No fault: what a look at a file comes to. */
  readonly file_holds_together: 'path' | 'counts'
  readonly yaml_invalid: 'words'
  readonly yaml_operator_unquoted: 'words'
  readonly yaml_quote_open: 'mark'
  readonly environment_lacks: 'name' | 'example'
  // Of names.
  readonly config_name_taken: 'name'
  readonly config_name_taken_at: 'name' | 'place'
  readonly config_name_missing: never
  readonly config_name_column: 'example'
  readonly config_name_length: 'most'
  readonly config_no_channel: 'name' | 'right'
  readonly config_no_channel_told: 'name'
  readonly config_no_duty_list: 'name' | 'right'
  readonly config_no_profile: 'name' | 'right'
  readonly config_no_detector: 'name' | 'names'
  readonly config_type_unknown: 'kind' | 'type' | 'right'
  readonly kind_probe: never
  readonly kind_channel: never
  readonly config_key_unknown: 'key' | 'right'
  readonly config_value_unknown: 'field' | 'value' | 'right'
  readonly config_fallback_own: 'name'
  readonly config_fallback_unknown: 'name' | 'right'
  readonly config_zone_unknown: 'zone' | 'right'
  readonly write_iana_zone: never
  // Of monitors and tables.
  readonly config_table_missing: 'file'
  readonly config_table_unread: 'file' | 'error'
  readonly config_column_unknown: 'column' | 'file' | 'right'
  readonly table_quote_open: never
  readonly table_empty: never
  readonly table_column_twice: 'column'
  readonly table_too_many_rows: 'rows' | 'most'
  readonly table_row_too_long: 'cells' | 'columns'
  readonly config_target_and_type: never
  readonly config_type_missing: 'name'
  /** What is wrong with the value of a field. */
  readonly in_field: 'field' | 'why'
  readonly target_malformed: 'text' | 'forms'
  readonly target_port_of_ping: 'text' | 'forms' | 'host'
  readonly target_interface: 'text' | 'type' | 'zone'
  readonly target_forms: never
  readonly config_degrees_missing: 'field' | 'example'
  readonly config_degrees_unknown: 'field' | 'text' | 'example'
  readonly config_interval_below_probe: 'interval' | 'lasts' | 'least'
  readonly config_clear_without_bound: 'field'
  readonly config_clear_above_bound: 'field'
  readonly config_parent_of_itself: 'name'
  readonly config_no_parent: 'name'
  readonly config_no_parent_meant: 'name' | 'meant'
  readonly config_parents_circle: 'names'
  readonly config_witnesses_never_fail: 'count' | 'witnesses'
  // Of silences and windows.
  readonly config_match_empty: never
  readonly config_matcher: 'name' | 'why'
  readonly config_not_a_time: 'field' | 'text'
  readonly config_time_skipped: 'field' | 'text'
  readonly config_time_twice: 'field' | 'text'
  readonly config_ends_before_begin: never
  readonly config_cron: 'cron' | 'why'
  readonly cron_never_comes: never
  readonly cron_malformed: never
  readonly config_window_length: never
  readonly config_window_when: 'name'
  // Of sources.
  readonly config_no_network: 'field' | 'text' | 'example'
  readonly config_ports_too_often: never
  readonly config_ports_none: 'example' | 'word'
  readonly config_ports_too_many: 'count' | 'most'
  readonly config_not_a_port: 'port'
  // Of what holds together and is probably not what was meant.
  readonly doubt_window_of_none: 'name'
  readonly doubt_silence_of_none: never
  readonly doubt_windows_overlap: 'name'
  readonly doubt_witness_watched: 'target' | 'name'
  readonly doubt_parent_without_label: 'name' | 'label'
  readonly doubt_nobody_told: 'names'
  readonly doubt_field_unfilled: 'field' | 'text'
  readonly doubt_either_day: 'name' | 'month' | 'week' | 'both'
  readonly doubt_both_days: 'name' | 'month' | 'week'
  readonly doubt_never_ends: 'name'
  // Of the command line and the environment.
  readonly not_a_port: 'place' | 'text'
  readonly address_in_use: 'address' | 'port'
  readonly address_needs_rights: 'address'
  readonly address_not_here: 'host'
}
