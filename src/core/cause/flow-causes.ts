/** What the flow classifier says of traffic, and why: each with the names of its facts. */
export interface FlowCauses {
  readonly predicted_because: 'attack' | 'percent' | 'reasons'
  readonly flow_kind_scan: never
  readonly flow_kind_flood: never
  readonly flow_kind_guessing: never
  readonly flow_kind_control: never
  readonly flow_answered: never
  readonly flow_unanswered: never
  readonly flow_refused: never
  readonly flow_reset: never
  readonly flow_midstream: never
  readonly flow_bytes: 'sent' | 'received'
  readonly flow_packets: 'sent' | 'received'
  readonly flow_packet_size: 'bytes'
  readonly flow_duration: 'seconds'
  readonly flow_no_protocol: never
  readonly flow_protocol: never
  readonly flow_login_port: never
  readonly flow_odd_port: never
  readonly flow_usual_port: never
  readonly flow_host_rate: 'count'
  readonly flow_host_failed: 'percent'
  readonly flow_new_peers: 'count'
  readonly flow_new_ports: 'count'
  readonly flow_peers_of_port: 'count'
  readonly flow_port_failed: 'percent'
  readonly flow_pair_rate: 'count'
  readonly flow_pair_ports: 'count'
  readonly flow_pair_failed: 'percent'
  readonly flow_no_rhythm_yet: never
  readonly flow_rhythm: 'percent'
  readonly flow_alike: 'percent'
}
