/** Parts of a file that make no things: they hold while it is the server's own. */
export const FILE_ONLY = [
  'heartbeat',
  'witnesses',
  'escalation',
  'sources',
  'security',
  'metrics',
  'outputs',
  'tables',
] as const
