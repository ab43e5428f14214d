import type { DeliveryCures } from '#core/cause/delivery-cures.ts'
import { causeTexts } from './cause-texts.ts'

export const curesEn = causeTexts<DeliveryCures>()({
  subscribe_the_browser_again: 'Open the channel in that browser and subscribe it again.',
  bring_back_the_key:
    'Set VIGIA_KEY, or bring secret.key back into the data folder, and restart; or enter the secrets again.',
  check_address: 'Check the address.',
  check_address_and_login: 'Check the address and its token or login.',
  write_final_address: 'Write the final address as the URL: a redirect could carry the message elsewhere.',
  see_what_stands_between: 'See what stands between here and the service: a proxy, a login page of the network.',
  renew_certificate: "Renew the server's certificate; if it is valid, check this machine's clock.",
  check_clock_and_certificate: "Check this machine's clock, and the server's certificate.",
  use_certificates_name: 'Use the name that stands in the certificate as the host.',
  trust_authority:
    'Give the server a certificate of a known authority, or start Vigía with NODE_EXTRA_CA_CERTS=/path/to/authority.pem.',
  raise_open_files: 'Raise LimitNOFILE in the unit of systemd, or ulimit -n; vigia doctor tells the bound.',
  check_port_speaks_tls: 'Check that this port speaks TLS.',
  new_discord_webhook: 'Make a new webhook in the settings of the Discord channel and write its URL here.',
  new_slack_webhook: 'Make a new incoming webhook in Slack and write its URL here.',
  ask_slack_administrator: 'Ask an administrator of the workspace.',
  check_slack_token: 'Check the bot token of the Slack app: it begins with xoxb-.',
  invite_slack_app: 'Check the channel, and invite the app to it: /invite @app.',
  give_slack_scope: 'Give the Slack app the scope chat:write and install it again.',
  choose_another_channel: 'Choose another channel.',
  check_bot_token: 'Check the bot token: @BotFather shows it with /mybots.',
  one_program_per_bot: 'Another program reads the news of this bot: give each a bot of its own.',
  write_new_chat_id: 'The group has a new number: write it as chat_id.',
  write_this_chat_id: 'Write chat_id: "{chat}": the group has a new number.',
  add_bot_to_chat: 'Add the bot to the chat (people: send it /start first) and check chat_id; groups begin with -100.',
  ports_are_blocked:
    'Many networks and hosting providers block outgoing mail: try port 587 (STARTTLS), 465 (TLS) or 2525, or ask the provider to open it.',
  google_application_password:
    'Google takes no account password here: turn on 2-Step Verification, make an application password at myaccount.google.com/apppasswords, and use its 16 letters.',
  microsoft_authenticated_smtp:
    'Microsoft 365 has SMTP logins turned off for this mailbox: let its administrator turn on "Authenticated SMTP", or use another relay.',
  check_mail_login: 'Check user and password. Providers with two-step verification want an application password.',
  set_mail_login: 'Set smtp.user and smtp.password (SMTP_USER, SMTP_PASSWORD).',
  set_mail_login_or_allow: 'Set smtp.user and smtp.password, or allow this machine on the mail server.',
  set_mail_sender: 'Set from to the address of the account that logs in, or let the provider confirm this sender.',
  set_plain_sender: 'Set from to an address of plain letters; its name may have others.',
  set_own_name:
    'Set smtp.name to a full name of this machine, such as vigia.example.com, best one that DNS resolves to its address.',
  set_mail_encryption: 'Set security to starttls (port 587) or tls (port 465).',
  set_mail_port: 'Set security to starttls or auto for port 587 and 25; tls belongs to port 465.',
  encrypt_or_no_login:
    'Use a port with encryption (587 or 465), or take user and password out. security: none sends the login in clear.',
  prove_sender:
    "The receiver checks who may send for this domain: add this server to the domain's SPF record and sign with DKIM, or send through the domain's own mail server.",
  check_blocklists:
    "Check this machine's address on blocklists and its reverse DNS name, or send through your provider's mail server.",
  check_recipients: 'Check the addresses in to.',
  empty_mailbox: 'Empty the mailbox or raise its quota.',
  it_is_sent_again: 'Nothing to do: it is sent again.',
  limit_is_lifted: 'Providers lift this limit within a day.',
})
