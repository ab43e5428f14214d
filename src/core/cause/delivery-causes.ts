/** What a server, or who answers in its place, says of one recipient, of a login or of the whole mail, in its own words. */
interface MailCauses {
  /** `fault` is one of those that follow. */
  readonly mail_settings_faulty: 'fault'
  readonly mail_without_recipient: never
  readonly mail_recipient_malformed: 'address'
  readonly mail_without_server: 'example'
  readonly mail_port_malformed: 'port'
  readonly mail_sender_malformed: 'sender'
  readonly mail_without_password: never
  readonly mail_ca_malformed: never
  readonly mail_ca_without_encryption: never
  readonly mail_helo_refused: 'answer'
  readonly mail_wants_encryption: 'answer'
  readonly mail_login_refused: 'answer'
  readonly mail_login_not_checked: 'answer'
  readonly mail_login_wanted: 'answer'
  readonly mail_sender_not_trusted: 'answer'
  readonly mail_greylisted: 'answer'
  readonly mail_too_many: 'answer'
  readonly mail_quota_used_up: 'answer'
  readonly mailbox_full: 'answer'
  readonly mail_not_relayed: 'answer'
  readonly mail_sender_refused: 'sender' | 'answer'
  readonly mail_taken_for_spam: 'answer'
  readonly mail_recipients_refused: 'answer'
  readonly mail_recipients_refused_now: 'answer'
  readonly mail_starttls_failed: 'answer'
  readonly mail_server_answered: 'answer'
  readonly mail_connection_turned_away: 'answer'
  readonly mail_refused: 'answer'
  readonly mail_refused_now: 'answer'
  readonly mail_no_encryption: 'where'
  readonly mail_no_tls: 'where'
  readonly mail_no_server: 'where'
  readonly mail_not_sent: 'where' | 'error'
  readonly mail_login_not_offered: never
  readonly mail_sender_beyond_ascii: 'sender' | 'where'
  readonly mail_address_beyond_ascii: 'address' | 'where'
  readonly recipient_refused: 'recipient' | 'answer'
  /** One cause for each. */
  readonly recipients_refused: 'each'
  readonly mail_earlier_waits: never
  /** Some have it, named in `had`, and others, named in `who`, do not yet. */
  readonly mail_not_with_all: 'who' | 'why'
  readonly mail_not_with_all_one_has_it: 'who' | 'why' | 'had'
  readonly mail_not_with_all_others_have_it: 'who' | 'why' | 'had'
  readonly names_and_more: 'names' | 'more'
}

/** What chat services say in words of their own. */
interface ChatCauses {
  readonly discord_webhook_unknown: never
  readonly slack_token_refused: 'error'
  readonly slack_app_may_not_post: never
  readonly slack_channel_unknown: never
  readonly slack_app_not_in_channel: never
  readonly slack_channel_archived: never
  readonly slack_asks_to_wait: never
  readonly slack_says: 'error'
  readonly slack_webhook_unknown: never
  readonly slack_webhook_disabled: never
  readonly slack_workspace_unknown: never
  readonly slack_webhook_channel_gone: never
  readonly slack_webhook_channel_archived: never
  readonly slack_webhook_not_allowed: never
  readonly slack_not_configured: never
  readonly telegram_says: 'description'
  readonly telegram_says_not_why: never
  readonly telegram_answer_unknown: never
  /** Whose answer was expected, within another cause. */
  readonly answer_of_slack_webhooks: never
  readonly answer_of_slack_api: never
  readonly answer_of_discord: never
  readonly answer_of_telegram: never
}

/** What an HTTP server answered; `status` is its number, with its name where an answer is told by it alone. */
interface HttpCauses {
  readonly http_answered: 'where' | 'status'
  readonly http_redirected: 'where' | 'status' | 'origin'
  readonly http_redirected_nowhere: 'where' | 'status'
  readonly http_answered_page: 'status' | 'service'
  readonly http_answered_nothing: 'status' | 'service'
  readonly http_answered_something_else: 'status' | 'service'
  readonly http_answer_not_expected: 'status'
  readonly http_url_unknown: never
  readonly http_header_character: never
  readonly http_header_name: never
  readonly http_login_not_encoded: never
  readonly http_not_spoken: 'where'
}

/** What kept a connection to `where`, `host:port`, from being made or kept. */
interface WayCauses {
  readonly delivery_connection_refused: 'where'
  readonly delivery_connection_closed: 'where'
  readonly delivery_host_unreachable: 'where'
  readonly delivery_network_unreachable: 'where'
  readonly delivery_not_answered: 'where'
  readonly delivery_not_answered_within: 'where' | 'ms'
  readonly delivery_name_not_found: 'where'
  readonly delivery_name_not_looked_up: 'where'
  readonly delivery_name_not_looked_up_now: 'where'
  readonly delivery_resolver_silent: 'where'
  readonly delivery_tls_failed: 'where'
  readonly delivery_tls_failed_with: 'where' | 'error'
  readonly delivery_certificate_expired: 'where'
  readonly delivery_certificate_not_yet_valid: 'where'
  readonly delivery_certificate_revoked: 'where'
  readonly delivery_certificate_self_signed: 'where'
  readonly delivery_certificate_private_authority: 'where'
  readonly delivery_certificate_without_authority: 'where'
  readonly delivery_certificate_unknown_authority: 'where'
  readonly delivery_certificate_of_another_name: 'where'
  /** Why of `forbidden_target`. */
  readonly not_by_channel: never
  readonly delivery_by_last_known_address: 'cause' | 'hosts'
}

/** What a delivery that failed can come to: each cause with the names of its facts. */
export interface DeliveryCauses extends MailCauses, ChatCauses, HttpCauses, WayCauses {
  readonly channel_gone: never
  readonly channel_locked: never
  /** None of the lists by which it is passed on is there. */
  readonly duty_list_gone: 'lists'
  readonly push_gone: never
  readonly push_not_its_key: never
  readonly web_push_key_missing: never
  readonly duty_not_passed_on: never
  readonly duty_earlier_waits: never
  /** Why of those by which it could not be passed on. */
  readonly duty_nobody_reached: 'why'
  readonly duty_no_channel: 'list'
  readonly duty_channel_failed: 'channel' | 'cause'
  /** No failure: why a message that waited is not sent any more. */
  readonly sent_by_fallback: 'channel'
  readonly sent_after_all: 'channel'
  readonly failed_and_sent_by_fallback: 'cause' | 'channel'
  readonly delivery_no_descriptors: never
  readonly delivery_stopped: never
  readonly delivery_internal_error: 'error'
}
