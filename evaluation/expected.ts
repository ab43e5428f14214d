/** Captures of which every machine is benign, without labels that say so; `normal` ones of look-ups are known by name. */
export const isBenignCapture = (capture: string): boolean => /^iot23-benign(?:$|\/)/.test(capture)

/** Something that a capture is known to hold. */
export interface Expectation {
  readonly capture: string
  readonly type: string
  readonly ip: string
  readonly dest?: string
  readonly what: string
}

/** What the published descriptions of the captures say is in them. A capture that is not listed is only counted. */
export const expectations: readonly Expectation[] = [
  { capture: 'njrat', type: 'beaconing', ip: '192.168.1.115', dest: '41.108.179.197', what: 'NjRAT' },
  { capture: 'rita-proxy', type: 'beaconing', ip: '10.136.0.18', what: 'RITA proxy' },
  { capture: 'rita-missing-host', type: 'beaconing', ip: '73.54.23.243', what: 'missing host' },
  { capture: 'mirai', type: 'beaconing', ip: '192.168.1.195', dest: '185.244.25.235', what: 'Mirai' },
  { capture: 'simda', type: 'beaconing', ip: '192.168.1.116', what: 'Simda' },
  { capture: 'apt29-day1', type: 'beaconing', ip: '10.0.1.6', dest: '192.168.0.4', what: 'APT29 day 1' },
  { capture: 'simda', type: 'dga', ip: '192.168.1.116', what: 'Simda (its family was trained on)' },
  { capture: 'nmap', type: 'port_scan', ip: '172.16.1.11', what: 'nmap' },
  { capture: 'slips-portscans', type: 'port_scan', ip: '192.168.1.9', what: 'vertical' },
  { capture: 'slips-portscans', type: 'port_scan', ip: '10.0.2.112', what: 'horizontal' },
  {
    capture: 'iot23-mix',
    type: 'port_scan',
    ip: '192.168.1.196',
    what: 'telnet, by a machine whose labels say benign because they begin late',
  },
  { capture: 'apt29-day1', type: 'ssl_self_signed', ip: '10.0.1.6', dest: '192.168.0.4', what: 'APT29 day 1' },
  { capture: 'slips-test9', type: 'ssl_not_yet_valid', ip: '10.0.2.15', what: 'wrong clock' },
]
