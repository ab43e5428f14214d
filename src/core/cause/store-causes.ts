/** Why the store does not take, or does not give: each cause with the names of its facts. */
export interface StoreCauses {
  readonly store_held: 'path'
  readonly store_not_now: 'path'
  readonly store_no_memory: 'path'
  readonly store_no_permission: 'path'
  readonly store_read_only: 'path'
  readonly store_disk_error: 'path'
  readonly store_disk_error_saying: 'path' | 'error'
  readonly store_disk_full: 'path'
  readonly store_file_too_large: 'path'
  readonly store_damaged: 'path'
  readonly store_no_database: 'path'
  readonly store_not_opened: 'path'
  /** After a flush that failed. */
  readonly store_written_anew: 'path'
  readonly store_log_read: 'path'
  readonly store_too_much_waits: never
  /** It goes on in memory. */
  readonly store_in_memory: 'path'
  /** Of a database server: `words` are its own, or those of the way to it. */
  readonly database_unanswered: 'where' | 'words'
  readonly database_takes_no_writes: 'where' | 'words'
  readonly database_full: 'where' | 'words'
  /** As far as everybody may know it: `reason` is one of those that follow. */
  readonly store_unanswered_for: 'reason'
  readonly store_unanswered: never
  readonly disk_full_or_failing: never
  readonly files_not_writable: never
  readonly held_by_something_else: never
  readonly database_server_unreachable: never
  readonly history_stopped: never
  readonly history_started_again: never
  readonly history_died: 'error'
}

/** English, beside the codes: an error says in it what it is wherever it is thrown. People read `templates/texts`. */
export const STORE_WORDS = {
  store_held:
    '{path} is held by another process, which does not let go of it. End what works on that file; what was decided waits.',
  store_not_now: '{path} cannot be written for the moment; what was decided waits.',
  store_no_memory: '{path} cannot be written for the moment: there is not enough memory; what was decided waits.',
  store_no_permission: '{path} cannot be written: this user has no permission. Give it write permission.',
  store_read_only:
    '{path} cannot be written: the file or its folder is read-only. Give this user write permission, or choose another folder with --data.',
  store_disk_error:
    '{path} cannot be written: the disk reports an error or is full. Free some space; nothing that was acknowledged is lost.',
  store_disk_error_saying:
    '{path} cannot be written: the disk reports an error or is full ({error}). Look at the disk, and free some space; nothing that was acknowledged is lost.',
  store_disk_full: '{path} cannot grow: the disk is full. Free some space; nothing that was acknowledged is lost.',
  store_file_too_large: '{path} cannot grow: its file system takes no larger file.',
  store_damaged: '{path} is damaged. Move it aside and bring back the last backup: vigia restore FOLDER.',
  store_no_database:
    '{path} is not a SQLite database. Move it aside and bring back the last backup: vigia restore FOLDER.',
  store_not_opened:
    '{path} cannot be opened. Check that its folder exists and that this user may write there, or choose another with --data.',
  store_written_anew: '{path} waits to be written anew after an error of the disk.',
  store_log_read: '{path} is being read; its log cannot be begun anew yet.',
  store_too_much_waits: 'too much waits for the store already',
  store_in_memory:
    '{path} cannot be written: the disk is full. Watching and telling go on from memory; free some space, and what was decided is kept',
  database_unanswered:
    '{where} does not answer at present: {words}. Check that the database server runs and can be reached.',
  database_takes_no_writes:
    '{where} takes no writes: {words}. Name the server that does in DATABASE_URL, or open this one for writing.',
  database_full: '{where} cannot write: {words}. Free some space on the database server.',
  store_unanswered_for: 'the store does not answer at present: {reason}',
  store_unanswered: 'the store does not answer at present',
  disk_full_or_failing: 'its disk is full or reports an error',
  files_not_writable: 'its files cannot be written',
  held_by_something_else: 'something else holds it',
  database_server_unreachable: 'the database server cannot be reached',
  history_stopped: 'The history has stopped. Try again in a moment.',
  history_started_again: 'The history is being started again. Try again in a moment.',
  history_died: 'the history stopped ({error}); it is started again',
} as const satisfies Readonly<Record<keyof StoreCauses, string>>
