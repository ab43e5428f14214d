/** Types whose source itself ends the episode, so that its end is worth telling. */
export const endsBySource = (type: string): boolean =>
  type === 'monitor_state' || type === 'prometheus_alert' || type === 'port_state'
