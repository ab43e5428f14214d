import { domainToASCII } from 'node:url'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Rendered } from '#core/message/message.ts'
import { fit, oneLine } from '../text/text.ts'
import type { MailSettings } from './mail-settings.ts'

/** Earlier messages that a header names: the first, which opens the thread, and the latest. */
const MOST_REFERENCES = 10
const MESSAGE_ID = /^<[^\s<>@]+@[^\s<>@]+>$/

const domainOf = (address: string): string => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return domainToASCII(domain) || domain
}

/** The same for every attempt, so that a repeat can be recognised. */
const messageIdOf = (id: string, settings: MailSettings): string =>
  `<${id.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 200)}@${domainOf(settings.from.address)}>`

const thread = (references: readonly string[], own: string): { inReplyTo?: string; references?: string[] } => {
  const known = references.filter((reference) => MESSAGE_ID.test(reference) && reference !== own)
  const kept = known.length > MOST_REFERENCES ? [known[0]!, ...known.slice(1 - MOST_REFERENCES)] : known
  const last = kept.at(-1)
  return last === undefined ? {} : { inReplyTo: last, references: kept }
}

/** As mail programs mark it and phones let it through: how grave open trouble is. */
const importanceOf = ({ reason, severity }: Rendered['message']): Readonly<Record<string, string>> => {
  if (reason === 'resolved' || reason === 'test' || severity === 'MEDIUM') return {}
  return severity === 'LOW' ? { Importance: 'low', 'X-Priority': '5' } : { Importance: 'high', 'X-Priority': '1' }
}

/**
 * The mail as bytes, text and HTML parts, built anew for every attempt; `now` is its date, ms since the epoch. `references` are the Message-IDs of the
 * alert's earlier mails, oldest first, so that a mail program shows them as one thread.
 */
export const buildMail = async (
  rendered: Rendered,
  settings: MailSettings,
  references: readonly string[],
  now: number,
) => {
  const messageId = messageIdOf(rendered.message.id, settings)
  const composer = new MailComposer({
    from: settings.from,
    to: [...settings.to],
    subject: fit(oneLine(rendered.subject), 250),
    messageId,
    date: new Date(now),
    ...thread(references, messageId),
    headers: {
      ...importanceOf(rendered.message),
      // A vacation responder answers no automatic mail (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'List-Id': `<vigia.${domainOf(settings.from.address)}>`,
    },
    text: `${rendered.lines.map((line) => line.toWellFormed()).join('\n')}\n`,
    ...(rendered.html !== '' && { html: rendered.html.toWellFormed() }),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { messageId, raw: await composer.compile().build() }
}
