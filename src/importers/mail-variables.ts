import type { NamedValue } from './text/environment.ts'

/** The variables by which the older panel sends mail. */
export const MAIL_VARIABLES = ['SMTP_SERVER', 'SMTP_PORT', 'SMTP_USER', 'SMTP_PASSWORD', 'SMTP_FROM', 'ALERT_EMAIL_TO']

const isAddress = (text: string): boolean => /^[^\s@,;]+@[^\s@,;]+$/.test(text)

/** Addresses of a list that is parted by commas. */
export const addressesIn = (text = ''): string[] =>
  text
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter(isAddress)

/** The options of an e-mail channel, with the recipients that it names itself. */
export const mailOptions = (values: ReadonlyMap<string, NamedValue>, recipients: readonly string[]) => {
  const of = (name: string) => values.get(name)?.value || undefined
  const [host, user, password, from] = ['SMTP_SERVER', 'SMTP_USER', 'SMTP_PASSWORD', 'SMTP_FROM'].map(of)
  const port = Number(of('SMTP_PORT'))
  const to = recipients.length > 0 ? [...recipients] : addressesIn(of('ALERT_EMAIL_TO'))
  const smtp = {
    // Without a server of its own it took this one.
    ...((host || user) && { host: host ?? 'smtp.gmail.com' }),
    ...(port > 0 && port < 65_536 && { port }),
    ...(user && { user }),
    ...(password && { password }),
  }
  return {
    ...(to.length > 0 && { to }),
    ...(from && { from }),
    ...(Object.keys(smtp).length > 0 && { smtp }),
  }
}
