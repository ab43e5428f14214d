/** Why a followed log gives nothing. */
export type SilentReason =
  | 'absent'
  | 'no_match'
  | 'empty_folder'
  | 'folder'
  | 'unreadable_form'
  | 'no_header'
  | 'not_json'
  | 'shipper'
  | 'other_fields'
  | 'wrong_time'
  | 'not_fail2ban'

/** A log that is followed and gives nothing, and why. */
export interface SilentLog {
  readonly path: string
  readonly reason: SilentReason
  /** What it is packed with; else empty. */
  readonly form?: string
  /** Lines of which none could be read. */
  readonly lines?: number
}

const SENTENCES: Readonly<Record<SilentReason, (silent: SilentLog) => string>> = {
  absent: () => 'does not exist yet. It is followed as soon as it does; if it never will, name another path.',
  no_match: () => 'matches no file yet. It is followed as soon as one does.',
  empty_folder: () =>
    'holds no log yet that is read (conn, dns, ssl, x509, http, notice, weird or quic, with .log in its name). It is followed as soon as it does.',
  folder: () => 'is a folder: name the file in it.',
  unreadable_form: ({ form }) =>
    `is written in a form that is not read (${form}). Let it be written as UTF-8, and rotation pack with gzip.`,
  no_header: () =>
    'is neither a table of Zeek with its #fields line nor one JSON object a line. Name the log that Zeek itself writes, and let rotation rename it rather than copy and truncate it.',
  not_json: () => 'is no JSON with one object a line. Write each record on a line of its own.',
  shipper: () =>
    'was written by a shipper such as Filebeat or Logstash, which renames the fields. Name the log that Zeek itself writes.',
  other_fields: () => 'has none of the fields that Zeek writes. Name the log that Zeek itself writes.',
  wrong_time: () =>
    "tells times that cannot be: ahead of this machine's clock, or none. Set the clocks of both machines.",
  not_fail2ban: () =>
    'is not written by fail2ban. Set logtarget in fail2ban.local to a file of its own, such as /var/log/fail2ban.log, and name that.',
}

/** A sentence for the log of the server and for programs; the page has its own. */
export const silentSentence = (silent: SilentLog): string => {
  const { path, lines } = silent
  return `${path}${lines === undefined ? '' : ` (${lines} lines, none of them read)`} ${SENTENCES[silent.reason](silent)}`
}
