/** What helps a delivery that failed: each cure with the names of its facts. */
export interface DeliveryCures {
  readonly bring_back_the_key: never
  readonly subscribe_the_browser_again: never
  readonly check_address: never
  readonly check_address_and_login: never
  readonly write_final_address: never
  readonly see_what_stands_between: never
  readonly renew_certificate: never
  readonly check_clock_and_certificate: never
  readonly use_certificates_name: never
  readonly trust_authority: never
  readonly raise_open_files: never
  readonly check_port_speaks_tls: never
  readonly new_discord_webhook: never
  readonly new_slack_webhook: never
  readonly ask_slack_administrator: never
  readonly check_slack_token: never
  readonly invite_slack_app: never
  readonly give_slack_scope: never
  readonly choose_another_channel: never
  readonly check_bot_token: never
  readonly one_program_per_bot: never
  readonly write_new_chat_id: never
  readonly write_this_chat_id: 'chat'
  readonly add_bot_to_chat: never
  readonly ports_are_blocked: never
  readonly google_application_password: never
  readonly microsoft_authenticated_smtp: never
  readonly check_mail_login: never
  readonly set_mail_login: never
  readonly set_mail_login_or_allow: never
  readonly set_mail_sender: never
  readonly set_plain_sender: never
  readonly set_own_name: never
  readonly set_mail_encryption: never
  readonly set_mail_port: never
  readonly encrypt_or_no_login: never
  readonly prove_sender: never
  readonly check_blocklists: never
  readonly check_recipients: never
  readonly empty_mailbox: never
  readonly it_is_sent_again: never
  readonly limit_is_lifted: never
}

export type CureCode = keyof DeliveryCures
type FactsOf<Code extends CureCode> = { readonly [Name in DeliveryCures[Code]]: string | number }

/** What helps, as a code with its facts. People read it as a sentence of their language (`templates/texts/causes`). */
export interface Cure {
  readonly code: CureCode
  readonly facts: Readonly<Record<string, string | number>>
}

/**
 * A cure with the facts that its code asks for, where it asks for any.
 *
 * @example
 * helps('write_this_chat_id', { chat: -100123 })
 */
export const helps = <Code extends CureCode>(
  code: Code,
  ...[facts]: [DeliveryCures[Code]] extends [never] ? [] : [facts: FactsOf<Code>]
): Cure => ({ code, facts: facts ?? {} })
