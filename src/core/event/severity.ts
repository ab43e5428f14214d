/** Lowest first: the order is the meaning. */
export const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
export type Severity = (typeof SEVERITIES)[number]

/** 0 for LOW to 3 for CRITICAL; -1 for anything else. */
export const severityRank = (severity: string): number => SEVERITIES.indexOf(severity as Severity)
