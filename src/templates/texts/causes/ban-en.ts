import type { BanCauses } from '#core/cause/ban-causes.ts'
import { causeTexts } from './cause-texts.ts'

/** Why a ban is not set or lifted, in English. */
export const banEn = causeTexts<BanCauses>()({
  ban_address_malformed: 'ip must be an IPv4 or IPv6 address, or a network such as 203.0.113.0/28.',
  unban_address_malformed: 'ip must be an IPv4 or IPv6 address, or a network.',
  ban_too_wide: '{ip} is too wide: name a network of at least /{prefix}.',
  ban_too_wide_behind:
    '{ip} is too wide: name a network of at least /{prefix} of the IPv4 addresses that it stands for.',
  ban_of_no_sender: '{ip} is, or holds, an address that nobody sends from (multicast, reserved).',
  ban_of_the_allowed:
    "{ip} is, or holds, an address that is never banned: this machine's own, or one of the administrators' list.",
  ban_of_who_asks: '{ip} is, or holds, the address that you ask from ({from}).',
  ban_minutes: 'minutes must be from {least} to {most}.',
  not_banned: '{ip} is not banned in jail {jail}',

  fail2ban_not_configured: 'No fail2ban is configured: name one under sources.fail2ban.',
  fail2ban_not_named: 'There is no fail2ban named {name}.',
  fail2ban_program_missing:
    'There is no program {program}. Install fail2ban, or name its client with sources.fail2ban.client.',
  fail2ban_program_forbidden:
    '{program} may not be run. Let this user run the client, for example as sources.fail2ban.client: [sudo, -n, fail2ban-client].',
  fail2ban_unanswered: '{program} did not answer in time.',
  fail2ban_refused: 'fail2ban refused: {words}',
  fail2ban_not_running: 'fail2ban refused: {words} Start it, for example with: systemctl start fail2ban.',
  fail2ban_not_permitted:
    'fail2ban refused: {words} Let this user run the client, for example as sources.fail2ban.client: [sudo, -n, fail2ban-client].',
  fail2ban_answered: 'fail2ban answered {words}.',
  fail2ban_answered_no_list: 'fail2ban answered with something else than a list.',
  fail2ban_jail_unknown: 'That is not the name of a jail.',
  fail2ban_address_unknown: 'That is no address.',
  fail2ban_database_missing: "{path} does not exist. Name fail2ban's dbfile under sources.fail2ban.database.",
  fail2ban_database_unread: "{path} cannot be read as fail2ban's database: {error}.",
  fail2ban_list_not_kept: 'its list could not be taken in: {error}',
  of_fail2ban: 'fail2ban {name}: {why}',

  ban_helper_missing: 'The helper for bans at {path}: there is none. Install it with: vigia service install --bans.',
  ban_helper_forbidden:
    'The helper for bans at {path}: this user may not ask it. Its socket belongs to the group of the service.',
  ban_helper_not_running:
    'The helper for bans at {path}: nobody listens there. Start it with: systemctl start vigia-bans.socket.',
  ban_helper_failed: 'The helper for bans at {path}: {error}.',
  ban_helper_unanswered: 'The helper at {path} did not answer in time.',
  ban_helper_answered_too_much: 'The helper at {path} answered more than anybody bans.',
  ban_helper_answered_nothing: 'The helper at {path} answered nothing that is an answer.',
  ban_question_too_long: 'The question is too long.',
  ban_question_not_json: 'The question is not JSON.',
  ban_question_unknown: 'That is no question of ours.',
})
