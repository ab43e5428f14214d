/** What an event that is about no monitor tells beside its kind and its subject: each with the names of its facts. */
export interface EventCauses {
  readonly scanned: 'ports' | 'hosts'
  readonly one_port: never
  readonly ports: 'count'
  readonly one_host: never
  readonly hosts: 'count'
  readonly pinged: 'hosts'
  readonly asked_names: 'names' | 'domain' | 'queries'
  readonly asked_names_of_no_domain: 'names' | 'queries'
  readonly generated_names: 'domain'
  readonly connected_for: 'server' | 'hours'
  readonly connected_often: 'server' | 'times'
  readonly connected_regularly: 'server' | 'seconds' | 'times'
  readonly several_kinds: 'count'
  readonly predicted: 'attack' | 'percent'
  readonly banned_by_jail: 'jail' | 'failures' | 'duration'
  readonly banned_for_good: 'jail' | 'failures'
  readonly banned_by_hand: 'jail' | 'by'
  readonly banned_by_hand_saying: 'jail' | 'by' | 'words'
  readonly half_open_connections: 'value' | 'limit'
  readonly connections_not_closed: 'value' | 'limit'
  readonly local_ports_waiting: 'value' | 'limit'
  readonly listener_is_gone: never
  readonly connections_wait: 'value' | 'limit'
}
