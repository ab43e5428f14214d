import type { Alert } from './alert.ts'

/** Ends of an alert that nobody saw: they say nothing of how its subject is. By time means that nothing new came. */
const UNSEEN_ENDS = ['changed', 'removed', 'paused', 'hand', 'time'] as const satisfies readonly Alert['resolvedBy'][]
export type UnseenEnd = (typeof UNSEEN_ENDS)[number]

const unseen: ReadonlySet<unknown> = new Set(UNSEEN_ENDS)

/** Whether an alert ended (`resolvedBy`) though nobody saw its subject well. */
export const isUnseenEnd = (by: string | null | undefined): by is UnseenEnd => unseen.has(by)
