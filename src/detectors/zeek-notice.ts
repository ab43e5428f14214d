import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent } from '#core/event/detection.ts'
import type { Severity } from '#core/event/severity.ts'
import type { NoticeRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { createEpisodes } from './episodes.ts'
import { createIsIgnored, ignoreField } from './networks.ts'

const DAY_MS = 86_400_000
const MOST_SOURCES = 50_000

/** First match decides; as the older service documents it, with later notices beside their kin. */
const SEVERITIES: readonly (readonly [RegExp, Severity])[] = [
  // What is information: which protocols are spoken where, and how the sensor does.
  [
    /^(?:Weird|CaptureLoss|PacketFilter|Reporter|LoadBalancing|Stats|ProtocolDetector)::|Known_|New_(?:Host|Service)/i,
    'LOW',
  ],
  [/Port_Scan|Malware|C&C|(?:^|[:_])C2(?:$|[:_])|Command_And_Control|Intel::Notice|Ransom/i, 'CRITICAL'],
  [/Eternal|Zerologon|Cobalt_?Strike|Beacon$|Login_By_Password_Guesser|DoublePulsar|Mimikatz|Metasploit/i, 'CRITICAL'],
  [/Password_Guessing|Brute_?forc|Address_?Scan|SQL_Injection|Heartbleed|Shellshock|Exploit/i, 'HIGH'],
  [/^ATTACK::|CVE[_-]\d{4}|Lateral_Movement|LOG4J|Print_?Nightmare|Webshell|Interesting_Hostname_Login/i, 'HIGH'],
]

const noticeSeverity = (note: string): Severity => SEVERITIES.find(([pattern]) => pattern.test(note))?.[1] ?? 'MEDIUM'

/**
 * The sensor lacks a root or a link of the chain: what it could not prove is not wrong. What is wrong with a certificate
 * it says in other words.
 */
const isUnknownRoot = ({ note, message, sub, proto }: NoticeRecord): boolean =>
  note === 'SSL::Invalid_Server_Cert' &&
  // By UDP it is a call between browsers, whose certificates sign themselves.
  (proto === 'udp' || /unable to (?:get|verify)|self[- ]signed certificate in/.test(`${message} ${sub}`))

/** What Zeek itself noticed: each kind of notice once per source and day, and again when there are ten times as many. */
export const zeekNotice = defineDetector<NoticeRecord>()({
  name: 'zeek_notice',
  title: 'Notices of Zeek',
  'x-es': { title: 'Avisos de Zeek' },
  kinds: ['zeek/notice'],
  options: Type.Object(
    {
      leave_out: Type.Optional(
        Type.Array(Type.String(), {
          title: 'Notices to leave out',
          description: 'As `SSL::Invalid_Server_Cert`',
          'x-es': { title: 'Avisos que se excluyen', description: 'Como `SSL::Invalid_Server_Cert`' },
        }),
      ),
      ignore: ignoreField,
    },
    { additionalProperties: false },
  ),
  create: (options) => {
    const isIgnored = createIsIgnored(options.ignore)
    const leftOut = new Set(options.leave_out)
    const episodes = createEpisodes(DAY_MS)
    const counts = createRecentMap<string, number>(MOST_SOURCES)
    return {
      observe: (record) => {
        const { note, message, sub, sourceIp, destinationIp, port, timeMs } = record
        if (leftOut.has(note) || (sourceIp !== undefined && isIgnored(sourceIp))) return NO_EVENTS
        const weak = isUnknownRoot(record)
        const subject = `${note}|${sourceIp ?? ''}${weak ? '|root' : ''}`
        const count = episodes.isOpen(subject, timeMs) ? (counts.get(subject) ?? 0) + 1 : 1
        counts.set(subject, count)
        if (!episodes.announce(subject, timeMs, count)) return NO_EVENTS
        return [
          detectionEvent({
            detectionType: 'zeek_notice',
            severity: weak ? 'LOW' : noticeSeverity(note),
            weak,
            ip: sourceIp,
            subject: note,
            at: timeMs,
            firstSeenMs: timeMs,
            lastSeenMs: timeMs,
            reason: message ?? note,
            fields: { note, dest_ip: destinationIp, dest_port: port, sub },
            evidence: { notices: count },
          }),
        ]
      },
      stats: () => ({ tracked: episodes.tracked, forgotten: episodes.forgotten() }),
    }
  },
})
