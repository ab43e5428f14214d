/** Words of older tools that a channel may keep, by the names by which their files come in. */
export const TEXT_SETS = ['bash', 'csv-tester', 'python-services', 'security-panel'] as const
export type TextSetName = (typeof TEXT_SETS)[number]
