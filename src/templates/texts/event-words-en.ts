import { peopleNumber } from '../format.ts'
import type { EventWords } from './event-words.ts'

export const eventWordsEn: EventWords = {
  eventTitles: {
    port_scan: (subject) => `port scan from ${subject}`,
    dns_tunneling: (subject) => `DNS tunnel from ${subject}`,
    dga: (subject) => `generated domain names from ${subject}`,
    beaconing: (subject) => `beaconing from ${subject}`,
    syn_flood: (subject) => `SYN flood on ${subject}`,
    close_wait_leak: (subject) => `connections not closed on ${subject}`,
    time_wait_exhaustion: (subject) => `local ports run out towards ${subject}`,
    listener_gone: (subject) => `nothing listens on ${subject}`,
    accept_queue_overflow: (subject) => `accept queue full on ${subject}`,
    long_connection: (subject) => `long connection from ${subject}`,
    strobe: (subject) => `flood of connections from ${subject}`,
    ssl_self_signed: (subject) => `self-signed certificate shown to ${subject}`,
    ssl_expired: (subject) => `expired certificate shown to ${subject}`,
    ssl_not_yet_valid: (subject) => `certificate not valid yet shown to ${subject}`,
    zeek_notice: (subject) => `Zeek notice on ${subject}`,
    correlation: (subject) => `several findings on ${subject}`,
    ids: (subject) => `intrusion attempt from ${subject}`,
    ml_prediction: (subject) => `attack predicted from ${subject}`,
    crowdsec_decision: (subject) => `CrowdSec decision on ${subject}`,
    fail2ban_action: (subject) => `fail2ban on ${subject}`,
    fail2ban_ban: (subject) => `ban of ${subject}`,
    manual_test: (subject) => `manual test of ${subject}`,
    channel_failed: (subject) => `channel ${subject} fails`,
    vigia_blind: () => 'Vigía cannot see',
    vigia_late: () => 'Vigía runs late',
    vigia_storage: () => 'files of Vigía need attention',
    vigia_resolver: (subject) => `DNS does not answer: ${subject}`,
    vigia_table: (subject) => `table ${subject} lost rows`,
    summary: () => 'daily summary',
  },
  endTitles: {
    channel_failed: (subject) => `channel ${subject} works again`,
    vigia_blind: () => 'Vigía sees again',
    vigia_late: () => 'Vigía runs in time again',
    vigia_storage: () => 'files of Vigía in order',
    vigia_resolver: (subject) => `DNS is back: ${subject}`,
    vigia_table: (subject) => `table ${subject} in force`,
  },
  eventSubject: (subject) => subject,
  often: (count, within, distinct) => {
    const what = distinct === undefined ? 'times' : distinct === 'ip' ? 'addresses' : `different values of ${distinct}`
    return `${peopleNumber(count, 'en')} ${what} in ${within}`
  },
  banWave: 'ban wave',
  fields: {
    ip: 'Address',
    destination: 'Destination',
    domain: 'Domain',
    server_name: 'Server name',
    jail: 'Jail',
    expiry: 'Banned until',
    seen: 'Seen',
    protocol: 'Protocol',
    country: 'Country',
    owner: 'Owner',
    generator_url: 'Source',
  },
  day: {
    name: 'of the day',
    open: (count) => `${peopleNumber(count, 'en')} open ${count === 1 ? 'alert' : 'alerts'}`,
    openLine: (count, subjects) =>
      count === 0 ? 'No open alerts.' : `Open alerts: ${peopleNumber(count, 'en')} (${subjects}).`,
    monitors: ({ up, degraded, down, unknown }) =>
      `Monitors: ${peopleNumber(up, 'en')} up, ${peopleNumber(degraded, 'en')} degraded, ${peopleNumber(down, 'en')} down, ${peopleNumber(unknown, 'en')} unknown.`,
  },
}
