/** What a look at a target can come to: each cause with the names of its facts. `never`: it has none. */
export interface ProbeCauses extends PingCauses, ConnectionCauses, AnswerCauses, NameCauses, OwnCauses {
  /** What somebody else said, as it was said. */
  readonly as_said: 'words'
}

interface PingCauses {
  readonly pings_unanswered: 'sent' | 'address'
  readonly pings_unreachable: 'sent' | 'address' | 'router'
  readonly pings_unreachable_from_here: 'sent' | 'address'
  readonly pings_expired: 'sent' | 'address' | 'router'
  /** `what` is one of those that follow. */
  readonly not_pingable: 'address' | 'what'
  readonly broadcast_address: never
  readonly multicast_address: never
  readonly unspecified_address: never
  readonly unspecified_network: never
  readonly other_ip_version: 'source'
  readonly not_an_address: never
  readonly unsendable_address: never
  readonly packet_loss: 'loss' | 'over' | 'lost' | 'sent'
  readonly slow_answers: 'ms' | 'over' | 'answers'
  readonly jitter: 'ms' | 'over' | 'answers'
  readonly slow_answer: 'ms' | 'limit'
}

interface ConnectionCauses {
  readonly connection_refused: 'target'
  readonly connection_reset: 'target'
  readonly connection_unreachable: 'target'
  readonly connection_no_route: 'target'
  readonly connection_unanswered: 'target'
  readonly connection_unanswered_in_time: 'target'
  readonly connection_unanswered_within: 'target' | 'ms'
  readonly connection_not_permitted: 'target'
  readonly connection_firewalled: 'target'
  /** `why`: of our own machine. */
  readonly connection_impossible: 'target' | 'why'
  readonly not_connectable: never
  readonly connection_failed: 'target' | 'error'
  /** What was found at an address of a name. */
  readonly at_name: 'cause' | 'host'
  readonly refused: 'target'
  readonly reset: 'target'
  readonly closed: 'target'
  readonly unreachable: 'target'
  readonly no_route: 'target'
  readonly unanswered: 'target'
  readonly failed: 'target' | 'error'
  /** `why`: of our own machine. */
  readonly not_asked: 'target' | 'why'
  readonly tls_failed: 'target' | 'error'
  readonly tls_not_spoken: 'target'
  readonly tls_version_refused: 'target'
  readonly tls_handshake_refused: 'target'
  readonly tls_wants_certificate: 'target'
  readonly tls_unfinished: 'target'
  readonly tls_closed: 'target'
  readonly forbidden_target: 'address' | 'what' | 'why'
  readonly metadata_service: never
  readonly loopback: never
  readonly link_local: never
  readonly multicast_or_broadcast: never
  readonly not_by_hand: never
  readonly not_by_probe_path: never
  readonly not_by_probe_path_for_viewers: never
}

interface AnswerCauses {
  readonly not_http: 'target'
  readonly http_odd_status_line: 'target'
  readonly http_odd_chunks: 'target'
  readonly http_headers_too_large: 'target' | 'kilobytes'
  readonly http_header_without_colon: 'target' | 'line'
  readonly http_header_with_nul: 'target' | 'line'
  readonly http_lengths_differ: 'target' | 'value'
  readonly http_odd_length: 'target' | 'value'
  readonly http_encoding_unreadable: 'target' | 'encoding'
  readonly http_closed_unanswered: 'target'
  readonly http_closed_in_headers: 'target'
  readonly http_closed_early: 'target' | 'received' | 'announced'
  readonly http_closed_in_chunks: 'target' | 'received'
  /** `what` is one of those that follow. */
  readonly http_odd: 'target' | 'what'
  readonly http_lines_without_cr: never
  readonly http_blank_in_header_name: never
  readonly http_control_in_header: never
  readonly http_folded_header: never
  readonly http_length_repeated: never
  readonly http_length_and_chunks: never
  readonly http_more_than_announced: never
  readonly not_accepted_in_time: 'target'
  readonly not_answered_in_time: 'target'
  readonly not_completed_in_time: 'target'
  readonly status_mismatch: 'target' | 'status' | 'expected'
  /** `what` is how the look failed. */
  readonly login_not_sent: 'what' | 'host' | 'home' | 'trust'
  readonly body_too_large: 'target' | 'bytes'
  readonly too_many_redirects: 'target' | 'most'
  readonly redirects_nowhere: 'target'
  readonly keyword_missing: 'text'
  readonly keyword_present: 'text'
  readonly not_json: never
  readonly json_mismatch: 'path' | 'found' | 'expected'
  readonly nothing: never
  readonly no_certificate: 'name'
  readonly certificate_ended: 'name' | 'date'
  readonly certificate_ends: 'name' | 'days' | 'date'
  readonly certificate_expired: 'name'
  readonly certificate_not_yet_valid: 'name'
  readonly certificate_self_signed: 'name'
  readonly certificate_chain_unknown: 'name'
  readonly certificate_chain_incomplete: 'name'
  readonly certificate_authority_unknown: 'name'
  readonly certificate_revoked: 'name'
  readonly certificate_name_mismatch: 'name'
  readonly certificate_unverified: 'name' | 'reason'
  readonly push_missing: 'duration' | 'period'
  readonly push_never: 'duration' | 'period'
  readonly push_unheard: 'period'
  readonly push_failed: never
  readonly push_failed_saying: 'words'
}

interface NameCauses {
  readonly resolver: 'place'
  /** The one of the operating system. */
  readonly of_the_system: never
  readonly resolver_unanswered: 'resolver'
  readonly resolver_answered_otherwise: 'resolver'
  readonly resolver_closed: 'resolver'
  /** What was found when it was asked for the rest. */
  readonly answer_cut: 'resolver' | 'cause'
  readonly resolver_not_asked: 'resolver' | 'why'
  readonly resolver_no_address: 'resolver'
  readonly resolver_answered: 'rcode' | 'name'
  readonly name_unanswered: 'host'
  /** `how` is one of those that follow. */
  readonly resolver_fails: 'resolver' | 'how'
  readonly does_not_answer: never
  readonly refuses_connection: never
  readonly cannot_be_reached: never
  readonly answers: 'rcode'
  readonly no_known_address: 'cause' | 'host'
  readonly not_looked_up: 'host' | 'why'
  readonly not_looked_up_in_time: 'host' | 'waiting'
  readonly name_missing: 'name'
  readonly alias_broken: 'name' | 'alias'
  readonly no_address: 'host'
  readonly no_record: 'name' | 'type'
  readonly record_missing: 'name' | 'type' | 'values' | 'missing'
  readonly not_a_name: 'name'
  readonly wrong_ip_version: 'host' | 'version'
  readonly by_last_known_address: 'cause' | 'host'
}

/** Of this machine or server: nothing is known about the target. */
interface OwnCauses {
  readonly too_many_open_files: never
  readonly too_many_open_files_here: never
  readonly no_free_port: never
  readonly interface_down: never
  readonly not_permitted: never
  readonly firewalled: never
  readonly blackholed: never
  readonly ping_firewalled: never
  readonly sending_forbidden: never
  readonly sending_interface_down: never
  readonly send_queue_full: never
  readonly no_source_address: never
  readonly packet_too_large: never
  readonly sending_failed: 'error'
  readonly replies_dropped: 'lost'
  readonly foreign_source: 'source'
  readonly too_many_sources: 'source' | 'number' | 'most'
  readonly no_ping_command: never
  readonly ping_command_forbidden: never
  readonly ping_command_unprivileged: never
  readonly ping_command_without_files: never
  readonly ping_command_not_started: 'error'
  readonly ping_command_failed: 'words'
  readonly no_link: 'interfaces'
  readonly stood_still: 'seconds'
  readonly stood_still_meanwhile: 'seconds' | 'cause'
  readonly witnesses_silent: never
  readonly sealing_key_missing: never
  readonly secrets_damaged: never
  readonly push_key_missing: never
}
