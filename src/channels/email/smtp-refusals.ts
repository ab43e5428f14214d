import type { SmtpError } from './smtp-errors.ts'

/** A recipient that was not taken while others were. */
export interface SmtpRefusal {
  readonly recipient: string
  readonly answer: string
  readonly code: number
}

/** The recipients that nodemailer names as not taken, of a mail that left or of one that did not. */
export const refusalsOf = (errors: readonly SmtpError[] | undefined): SmtpRefusal[] =>
  (errors ?? []).map(({ recipient, response, responseCode }) => ({
    recipient: recipient ?? '',
    answer: response ?? '',
    code: responseCode ?? 0,
  }))
