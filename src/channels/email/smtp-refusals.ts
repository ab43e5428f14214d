import { because, type Cause } from '#core/cause/cause.ts'
import type { SmtpError, SmtpPlace } from './smtp-errors.ts'

/** A recipient that was not taken while others were. */
export interface SmtpRefusal {
  readonly recipient: string
  readonly answer: string
  readonly code: number
  /** Where we know more than what the server said. */
  readonly cause?: Cause
}

/** The recipients that nodemailer names as not taken, of a mail that left or of one that did not. */
export const refusalsOf = (errors: readonly SmtpError[] | undefined): SmtpRefusal[] =>
  (errors ?? []).map(({ recipient, response, responseCode }) => ({
    recipient: recipient ?? '',
    answer: response ?? '',
    code: responseCode ?? 0,
  }))

/** Thrown where no recipient was tried, and none can be. */
export class NobodyTaken extends Error {
  readonly refusals: readonly SmtpRefusal[]
  constructor(refusals: readonly SmtpRefusal[]) {
    super('no recipient can be told')
    this.refusals = refusals
  }
}

/** For what a server was never asked: the code of RFC 6531 for it. */
export const notTried = (addresses: readonly string[], { host, port }: SmtpPlace): SmtpRefusal[] =>
  addresses.map((address) => ({
    recipient: address,
    answer: 'not tried: the server offers no SMTPUTF8',
    code: 553,
    cause: because('mail_address_beyond_ascii', { address, where: `${host}:${port}` }),
  }))

/** All recipients of a mail that did not leave after another one had: they are tried again, or are refused as it was. */
export const refusedAlike = (addresses: readonly string[], error: SmtpError): SmtpRefusal[] => {
  const own = refusalsOf(error.rejectedErrors)
  const rest = addresses.filter((address) => !own.some(({ recipient }) => recipient === address))
  const [answer, code] = [error.response ?? error.message, error.responseCode ?? 0]
  return [...own, ...rest.map((recipient) => ({ recipient, answer, code }))]
}
