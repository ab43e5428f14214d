/** Why a store cannot be opened, copied or brought back: each with the names of its facts. */
export interface OpeningCauses {
  readonly folder_in_use: 'folder' | 'pid'
  readonly folder_being_taken: 'folder'
  readonly folder_read_only: 'folder'
  readonly folder_full: 'folder'
  readonly folder_never_used: 'path'
  readonly folder_not_made: 'folder' | 'error'
  readonly store_too_large_for_memory: 'path'
  readonly store_lost: 'path' | 'state' | 'trace' | 'folder'
  readonly file_empty: never
  readonly file_missing: never
  readonly store_newer: 'migrations'
  readonly history_newer: 'path' | 'format'
  readonly history_blocks_newer: 'format'
  readonly history_of_another: 'path'
  readonly history_block_damaged: never
  readonly database_in_use: 'where' | 'holder'
  readonly database_not_accepting: 'where' | 'words'
  readonly database_statement_unanswered: 'where'
  readonly sealed_with_missing_key: 'ids' | 'folder'
  readonly key_too_short: 'name' | 'least'
  readonly key_file_unread: 'path' | 'error'
  readonly key_file_malformed: 'path'
  readonly key_file_not_made: 'path' | 'error'
  readonly backup_exists: 'path'
  readonly backup_of_nothing: 'folder' | 'file'
  readonly backup_not_there: 'folder' | 'file'
  readonly backup_damaged: 'file' | 'words'
  readonly backup_copy_damaged: 'file' | 'words'
  readonly backup_disk_full: 'folder'
}

/** English, beside the codes: an error says in it what it is wherever it is thrown. People read `templates/texts`. */
export const OPENING_WORDS = {
  folder_in_use: '{folder} is in use by process {pid}. Stop that one first, or choose another folder with --data.',
  folder_being_taken: '{folder} is being taken by another process at this moment. Try again.',
  folder_read_only:
    '{folder} cannot be written: it is read-only for this user. Give it write permission, or choose another folder with --data.',
  folder_full: '{folder} cannot be written: the disk is full. Free some space, then start again.',
  folder_never_used: '{path} does not exist: no server has run with this folder yet. Name the right one with --data.',
  folder_not_made: '{folder} cannot be made: {error}. Choose another folder with --data.',
  store_too_large_for_memory:
    '{path} cannot grow: the disk is full, and it is too large to be kept in memory meanwhile. Free some space, then start again.',
  store_lost:
    '{path} is {state}, though {trace} shows that a server has run with this folder. Bring back the last backup: vigia restore FOLDER --data {folder}. Data in PostgreSQL needs DATABASE_URL. To begin anew on purpose: vigia serve --new-database (what is there is moved aside, secret.key stays).',
  file_empty: 'empty',
  file_missing: 'missing',
  store_newer:
    'the database was used by a newer Vigía ({migrations}). Start that version, or bring back a backup made with this one.',
  history_newer: '{path} was written by a newer Vigía (format {format}). Start that version.',
  history_blocks_newer: 'history.db holds blocks of format {format}: start the newer Vigía that wrote them.',
  history_of_another: '{path} belongs to another installation: its monitors are not those of vigia.db.',
  history_block_damaged: 'a block of the history is damaged',
  database_in_use:
    '{where} is in use by {holder}. Stop that server first, or name another database in DATABASE_URL: two servers do not share one.',
  database_not_accepting:
    '{where} does not accept this connection: {words}. Check DATABASE_URL, the user and that the server is running.',
  database_statement_unanswered:
    '{where} does not answer at present: a statement was not answered in time. Check that the database server runs and can be reached.',
  sealed_with_missing_key:
    'secrets are sealed with a key that is missing (id {ids}): bring secret.key back to {folder} or set VIGIA_KEY, then start again. If it is lost for good: vigia new-key, then enter the secrets again',
  key_too_short:
    '{name} is too short for a key: write at least {least} characters, for example the output of "openssl rand -hex 32".',
  key_file_unread: '{path} cannot be read: {error}. Give this user permission to read it, or set VIGIA_KEY.',
  key_file_malformed:
    "{path} does not hold a key (64 hex digits). Bring it back from your own copy; without it, move it aside and enter the channels' secrets again.",
  key_file_not_made:
    '{path} cannot be made: {error}. Give this user write permission in that folder, or set VIGIA_KEY.',
  backup_exists: '{path} exists already. Name a new folder for the backup.',
  backup_of_nothing: '{folder} holds no {file}. Name the data folder with --data.',
  backup_not_there: '{folder} holds no backup: {file} is not there.',
  backup_damaged: '{file} is damaged: {words}',
  backup_copy_damaged: 'the copy of {file} is damaged: {words}',
  backup_disk_full: '{folder} cannot be written: the disk is full. Free some space, then try again.',
} as const satisfies Readonly<Record<keyof OpeningCauses, string>>
