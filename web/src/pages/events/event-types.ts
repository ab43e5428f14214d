/** Event types that ship; others are accepted under their own names. */
export const EVENT_TYPES = [
  'monitor_state',
  'zeek_detection',
  'fail2ban_ban',
  'fail2ban_action',
  'ml_prediction',
  'port_state',
  'prometheus_alert',
  'channel_failed',
  'custom',
] as const
