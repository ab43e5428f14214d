/** What a test may be about: a type of event, and of detections one kind. */
export interface TestKind {
  readonly type: string
  readonly data?: Readonly<Record<string, string>>
}

/** By the name of each, as kinds are called elsewhere. */
export const TEST_KINDS: Readonly<Record<string, TestKind>> = {
  manual_test: { type: 'manual_test' },
  monitor_state: { type: 'monitor_state' },
  fail2ban_ban: { type: 'fail2ban_ban' },
  port_scan: { type: 'zeek_detection', data: { detection_type: 'port_scan' } },
  dns_tunneling: { type: 'zeek_detection', data: { detection_type: 'dns_tunneling' } },
  beaconing: { type: 'zeek_detection', data: { detection_type: 'beaconing' } },
  ml_prediction: { type: 'ml_prediction' },
}

/** Types that the server alone makes, and does not make up. */
const NEVER = /^(vigia_.*|channel_failed|port_state|correlation)$/

/** The kind that fits what a rule looks at, by its name. */
export const kindOfRule = (type: string, conditions: unknown): string => {
  if (type === 'custom' || type === '' || NEVER.test(type)) return 'manual_test'
  const asked = JSON.stringify(conditions) ?? ''
  const kinds = Object.entries(TEST_KINDS).filter(([, kind]) => kind.type === type)
  const [name] = kinds.find(([kind]) => asked.includes(`"${kind}"`)) ?? kinds[0] ?? [type]
  return name
}
