/** Files of older tools that scripts may still read, by the names under which they are asked for. */
export const OUTPUT_FILES = ['server_status', 'logs', 'mail_log', 'error_log', 'daily_log'] as const
export type OutputFile = (typeof OUTPUT_FILES)[number]

/** Which of them are written, and where: an absolute path. */
export interface OutputsWanted {
  readonly folder: string
  readonly files: readonly OutputFile[]
}
