import type { Language, Message } from '#core/message/message.ts'
import { escapeHtml } from '#lib/text/html.ts'
import { colorOf } from './colors.ts'

export interface MailContent {
  readonly message: Message
  readonly language: Language
  readonly subject: string
  readonly lines: readonly string[]
  readonly footer: string
}

const LINK = /https?:\/\/[^\s<>"'“”«»]+/g
const OF_THE_SENTENCE = new Set('.,;:!?')

/** Where an address ends: neither the stop of the sentence nor the bracket around it belongs to it. */
const linkWithin = (found: string): string => {
  let open = found.split('(').length - found.split(')').length
  let end = found.length
  for (; end > 0; end--) {
    const last = found[end - 1]!
    if (last === ')' && open < 0) open++
    else if (!OF_THE_SENTENCE.has(last)) break
  }
  return found.slice(0, end)
}

/** A line as HTML: its label in bold, its links as links, everything else escaped. */
const lineHtml = (line: string): string => {
  const label = /^([\p{L} ._-]{2,30}): /u.exec(line)?.[1]
  const rest = label === undefined ? line : line.slice(label.length + 1)
  let html = ''
  let at = 0
  for (const match of rest.matchAll(LINK)) {
    const link = linkWithin(match[0])
    const url = escapeHtml(link)
    html += `${escapeHtml(rest.slice(at, match.index))}<a href="${url}" style="color:inherit">${url}</a>`
    at = match.index + link.length
  }
  html += escapeHtml(rest.slice(at))
  return label === undefined ? html : `<strong>${escapeHtml(label)}:</strong>${html}`
}

/** What somebody is to press: an address of its own line, by the word before it. Undefined for any other line. */
const buttonHtml = (line: string, { ack_url, url }: Message): string | undefined => {
  const at = line.indexOf(': ')
  const link = line.slice(at + 2)
  if (at < 0 || (link !== ack_url && link !== url)) return undefined
  return `<a href="${escapeHtml(link)}" style="${BUTTON}">${escapeHtml(line.slice(0, at))}</a>`
}

const BUTTON =
  'display:inline-block;margin:4px 0;padding:8px 18px;border:2px solid;border-radius:8px;font-weight:600;color:inherit;text-decoration:none'

/**
 * The HTML part of a mail: one column that every client can lay out, inline styles, nothing from outside, the colour
 * of the severity as a bar. Texts and links have the reader's own colour, which is readable in either theme.
 */
export const mailHtml = ({ message, language, subject, lines, footer }: MailContent): string => {
  const rows = lines.map((line, index) => {
    const size = index === 0 ? 'font-size:16px;padding:0 0 10px' : 'font-size:14px;padding:0 0 6px'
    return `<tr><td style="${size};line-height:1.5">${buttonHtml(line, message) ?? lineHtml(line)}</td></tr>`
  })
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
    `<title>${escapeHtml(subject)}</title></head>` +
    '<body style="margin:0;padding:16px;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif">' +
    '<table role="presentation" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;margin:0 auto;border-collapse:collapse">' +
    `<tr><td style="border-left:6px solid ${colorOf(message)};padding:4px 0 4px 16px">` +
    '<table role="presentation" cellpadding="0" cellspacing="0" style="width:100%;border-collapse:collapse">' +
    `<tr><td style="font-size:20px;font-weight:700;line-height:1.3;padding:0 0 12px">${escapeHtml(subject)}</td></tr>` +
    `${rows.join('')}</table></td></tr>` +
    `<tr><td style="padding:16px 0 0 22px;font-size:12px;opacity:.75">${escapeHtml(footer)}</td></tr></table></body></html>`
  )
}
