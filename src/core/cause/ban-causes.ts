/** Why a ban is not set or lifted: each with the names of its facts. */
export interface BanCauses extends Fail2banCauses, HelperCauses {
  readonly ban_address_malformed: never
  readonly unban_address_malformed: never
  readonly ban_too_wide: 'ip' | 'prefix'
  /** Of an IPv6 network that stands for IPv4 addresses. */
  readonly ban_too_wide_behind: 'ip' | 'prefix'
  readonly ban_of_no_sender: 'ip'
  readonly ban_of_the_allowed: 'ip'
  readonly ban_of_who_asks: 'ip' | 'from'
  readonly ban_minutes: 'least' | 'most'
  readonly not_banned: 'ip' | 'jail'
}

/** What fail2ban, its client or its database says; `words` are theirs. */
interface Fail2banCauses {
  readonly fail2ban_not_configured: never
  readonly fail2ban_not_named: 'name'
  readonly fail2ban_program_missing: 'program'
  readonly fail2ban_program_forbidden: 'program'
  readonly fail2ban_unanswered: 'program'
  readonly fail2ban_refused: 'words'
  readonly fail2ban_not_running: 'words'
  readonly fail2ban_not_permitted: 'words'
  readonly fail2ban_answered: 'words'
  readonly fail2ban_answered_no_list: never
  readonly fail2ban_jail_unknown: never
  readonly fail2ban_address_unknown: never
  readonly fail2ban_database_missing: 'path'
  readonly fail2ban_database_unread: 'path' | 'error'
  readonly fail2ban_list_not_kept: 'error'
  /** Which of several it is said of. */
  readonly of_fail2ban: 'name' | 'why'
}

/** Of the helper that may ask fail2ban where the server may not. */
interface HelperCauses {
  readonly ban_helper_missing: 'path'
  readonly ban_helper_forbidden: 'path'
  readonly ban_helper_not_running: 'path'
  readonly ban_helper_failed: 'path' | 'error'
  readonly ban_helper_unanswered: 'path'
  readonly ban_helper_answered_too_much: 'path'
  readonly ban_helper_answered_nothing: 'path'
  readonly ban_question_too_long: never
  readonly ban_question_not_json: never
  readonly ban_question_unknown: never
}
