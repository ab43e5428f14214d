import type { LogRecord } from './record.ts'

/**
 * The columns of Zeek's logs that detectors use, in Zeek's own words. Unset columns are undefined; what Zeek calls
 * originator is the client. Times and durations in ms.
 */
interface Base extends LogRecord {
  readonly source: 'zeek'
  readonly uid: string | undefined
}

interface Endpoints extends Base {
  readonly clientIp: string
  readonly clientPort: number
  readonly serverIp: string
  readonly serverPort: number
}

export interface ConnRecord extends Endpoints {
  readonly kind: 'conn'
  readonly endMs: number
  readonly proto: string
  /** Protocols that Zeek recognised: `ssl`, `http,ssl`. */
  readonly service: string | undefined
  readonly durationMs: number
  readonly clientBytes: number
  readonly serverBytes: number
  /** What the client sent with its IP headers; the payload where the log has no more. */
  readonly clientIpBytes: number
  /** `S0`, `SF`, `REJ`, … as in Zeek's reference of conn.log. */
  readonly state: string | undefined
  readonly history: string | undefined
  readonly clientPackets: number | undefined
  readonly serverPackets: number | undefined
  /** Zeek's knowledge of its own networks; undefined where it was not configured. */
  readonly clientLocal: boolean | undefined
  readonly serverLocal: boolean | undefined
}

export interface DnsRecord extends Endpoints {
  readonly kind: 'dns'
  readonly query: string | undefined
  /** `A`, `TXT`, … or `TYPE65399` where Zeek gives a number only. */
  readonly queryType: string | undefined
  /** `NOERROR`, `NXDOMAIN`, …; undefined without an answer. */
  readonly responseCode: string | undefined
  readonly answers: readonly string[]
}

export interface SslRecord extends Endpoints {
  readonly kind: 'ssl'
  readonly serverName: string | undefined
  readonly subject: string | undefined
  readonly issuer: string | undefined
  readonly validationStatus: string | undefined
  /** `TLSv13`, `DTLSv12`, …; undefined where the log does not say. */
  readonly version?: string | undefined
  /** Ids of the server's certificates, leaf first: file ids or fingerprints, by Zeek's version. */
  readonly chain: readonly string[]
  readonly ja3: string | undefined
}

export interface X509Record extends Base {
  readonly kind: 'x509'
  /** File id or fingerprint, whichever the log has: what `SslRecord.chain` names. */
  readonly certificateId: string
  readonly subject: string | undefined
  readonly issuer: string | undefined
  readonly notBeforeMs: number | undefined
  readonly notAfterMs: number | undefined
}

export interface HttpRecord extends Endpoints {
  readonly kind: 'http'
  readonly method: string | undefined
  readonly host: string | undefined
  readonly uri: string | undefined
  readonly userAgent: string | undefined
}

export interface NoticeRecord extends Base {
  readonly kind: 'notice'
  /** `Scan::Port_Scan`, `SSL::Invalid_Server_Cert`, … */
  readonly note: string
  readonly message: string | undefined
  readonly sub: string | undefined
  readonly sourceIp: string | undefined
  readonly destinationIp: string | undefined
  readonly port: number | undefined
  /** `tcp`, `udp`; undefined where there is none. */
  readonly proto?: string | undefined
}

interface WeirdRecord extends Base {
  readonly kind: 'weird'
  readonly name: string
  readonly clientIp: string | undefined
  readonly serverIp: string | undefined
}

export type ZeekRecord = ConnRecord | DnsRecord | SslRecord | X509Record | HttpRecord | NoticeRecord | WeirdRecord
export type ZeekKind = ZeekRecord['kind']

export const ZEEK_KINDS: readonly ZeekKind[] = ['conn', 'dns', 'ssl', 'x509', 'http', 'notice', 'weird']
