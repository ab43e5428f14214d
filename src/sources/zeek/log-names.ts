import type { ZeekKind } from '#core/event/zeek-record.ts'
import { kindOfName } from './layouts.ts'

/** Logs that Zeek and its usual packages write, and that no detector asks for. */
const OTHER_LOGS: ReadonlySet<string> = new Set(
  `
  analyzer analyzer_debug asset barnyard2 bacnet broker bsap capture_loss cluster conn-summary config
  console dce_rpc dhcp dnp3 dnp3_control dnp3_objects dpd enip ecat eth files ftp generic_icmp gssapi ike_handshake intel ipsec irc
  kerberos known_certs known_devices known_hosts known_modbus known_services ldap ldap_search loaded_scripts loader
  login_attempt modbus modbus_detailed mqtt_connect mqtt_publish mqtt_subscribe mysql netcontrol netcontrol_catch_release
  netcontrol_drop netcontrol_shunt notice_alarm ntlm ntp ocsp openflow opcua_binary packet_filter pe pop3 postgresql prof
  profinet radius rdp redis reporter rfb s7comm signatures sip smb_cmd smb_files smb_mapping smtp smtp_links snmp socks software
  ssh stats stderr stdout stun stun_nat suspicious_logins syslog tds tds_rpc tds_sql_batch telemetry telemetry_histogram
  tftp traceroute tunnel unknown_protocols websocket weird_stats wireguard
  `
    .split(/\s+/)
    .filter((name) => name !== ''),
)

/** What other scripts put before the name of a log of Zeek: the same records, now or again. */
const PREFIX = /^(?:json_streaming_|open_)+/

/**
 * Which log a `#path`, a `_path` or a stream is: `other` for one that is none of those that are read, undefined where the
 * name alone does not tell. The server names of QUIC are read as those of TLS.
 */
export const kindOfPath = (path: string): ZeekKind | 'other' | undefined => {
  const name = path.replace(PREFIX, '')
  if (name === 'quic') return 'ssl'
  if (OTHER_LOGS.has(name)) return 'other'
  const kind = kindOfName(name)
  return kind === name ? kind : undefined
}

/** The path that a file's name tells: `kerberos` for `kerberos.2026-11-20-10.log.gz`, `smtp.log`, `smtp_20261120.log`. */
const pathOfFile = (name: string): string => name.split('.')[0]!.replace(/[-_]\d[\d_-]*$/, '')

/** What the name of a file says: nothing certain, but that a log is one that nobody asks for. */
export const hintOfFile = (name: string): ZeekKind | 'other' | undefined =>
  kindOfPath(pathOfFile(name)) ?? kindOfName(name)

/** True for a file that is, by its name, a log of Zeek that no detector asks for. */
export const isOtherLog = (name: string): boolean => kindOfPath(pathOfFile(name)) === 'other'
