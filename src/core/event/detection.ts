import type { Json, JsonObject } from '#lib/json.ts'
import { own } from '#lib/own.ts'
import type { NewEvent } from './event.ts'
import type { Severity } from './severity.ts'

/** The type of every event that a detector of Zeek's logs raises. */
export const ZEEK_DETECTION = 'zeek_detection'

/** The type of what is odd and no reason to call anybody: it counts where a machine is ranked beside others, with its kin. */
export const ZEEK_SIGNAL = 'zeek_signal'

export const DETECTION_TYPES = [
  'port_scan',
  'dns_tunneling',
  'dga',
  'beaconing',
  'ssl_self_signed',
  'ssl_expired',
  'ssl_not_yet_valid',
  'long_connection',
  'strobe',
  'zeek_notice',
] as const
export type DetectionType = (typeof DETECTION_TYPES)[number]

/** The field of an event that names what was detected. */
export const DETECTION_FIELD = 'detection_type'

/** Names that older programs use for the same. */
const OTHER_NAMES: Readonly<Record<string, DetectionType>> = { dga_domain: 'dga' }

/** A value of that field, or a list of them, with older names as ours; anything else as it is. */
export const detectionName = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(detectionName) as T
  return ((typeof value === 'string' && own(OTHER_NAMES, value)) || value) as T
}

export interface Finding {
  readonly detectionType: DetectionType
  readonly severity: Severity
  /** The address that it is about, the source; undefined for what is about no address. */
  readonly ip: string | undefined
  /** What it is about where that is no address. */
  readonly subject?: string
  /** When it was decided, ms of record time. */
  readonly at: number
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  /** One sentence for people. */
  readonly reason: string
  /** The numbers that decided. */
  readonly evidence: JsonObject
  /** Too little to be told by itself. */
  readonly weak?: boolean
  /** Further fields of the event; undefined ones are left out. */
  readonly fields?: Readonly<Record<string, Json | undefined>>
}

/** The event of a finding. `receivedAt` is the record's time; who follows a live log puts the arrival there. */
export const detectionEvent = (finding: Finding): NewEvent => {
  const fields: Record<string, Json> = {}
  for (const [name, value] of Object.entries(finding.fields ?? {})) if (value !== undefined) fields[name] = value
  return {
    type: finding.weak === true ? ZEEK_SIGNAL : ZEEK_DETECTION,
    source: `detector:${finding.detectionType}`,
    severity: finding.severity,
    subject: finding.ip ?? finding.subject ?? finding.detectionType,
    at: finding.at,
    receivedAt: finding.at,
    monitorId: null,
    data: {
      detection_type: finding.detectionType,
      ...(finding.ip !== undefined && { ip: finding.ip }),
      ...fields,
      reason: finding.reason,
      first_seen: new Date(finding.firstSeenMs).toISOString(),
      last_seen: new Date(finding.lastSeenMs).toISOString(),
      evidence: finding.evidence,
    },
  }
}

/** A figure with as many decimals as a person reads. */
export const rounded = (value: number, decimals = 3): number => Math.round(value * 10 ** decimals) / 10 ** decimals
