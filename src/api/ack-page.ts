import type { AlertWords } from '#core/alert/attention.ts'
import type { Language } from '#core/message/message.ts'
import { escapeHtml } from '#lib/text/html.ts'
import { page } from './access/pages.ts'

export const LONGEST_NAME = 64
export const LONGEST_NOTE = 500

/** For how long one takes care; `end`: until the alert is over. */
export const ACK_SPANS = { '1h': 3_600_000, '4h': 14_400_000, end: null } as const
export type AckSpan = keyof typeof ACK_SPANS

const TEXTS = {
  en: {
    title: 'Acknowledge',
    name: 'Your name',
    note: 'Note',
    noteHint: 'For your colleagues: “crew on the way”.',
    span: 'For how long',
    spans: { '1h': '1 hour', '4h': '4 hours', end: 'Until it ends' },
    acknowledge: 'Acknowledge',
    silence: 'Silence 1 h',
    silenceHint: 'No notices about it for an hour.',
    over: 'It is over: there is nothing to acknowledge.',
    nameMissing: 'Write your name, so that your colleagues know who has it.',
    acknowledged: 'Acknowledged. Reminders pause, and your colleagues see who has it.',
    silenced: (until: string) => `Silenced until ${until}.`,
    unknown: 'This link is not valid',
    unknownHint: 'It was cut off, or the alert is gone. The message has the whole link.',
  },
  es: {
    title: 'Atender',
    name: 'Su nombre',
    note: 'Nota',
    noteHint: 'Para sus colegas: “cuadrilla en camino”.',
    span: 'Por cuánto tiempo',
    spans: { '1h': '1 hora', '4h': '4 horas', end: 'Hasta que termine' },
    acknowledge: 'Atender',
    silence: 'Silenciar 1 h',
    silenceHint: 'Ningún aviso sobre esto durante una hora.',
    over: 'Ya terminó: no hay nada que atender.',
    nameMissing: 'Escriba su nombre, para que sus colegas sepan quién lo atiende.',
    acknowledged: 'Atendido. Los recordatorios se detienen y sus colegas ven quién lo atiende.',
    silenced: (until: string) => `En silencio hasta las ${until}.`,
    unknown: 'Este enlace no es válido',
    unknownHint: 'Está cortado, o la alerta ya no existe. El mensaje tiene el enlace completo.',
  },
} as const

/** What the last request came to, in words. */
export type AckNews = 'acknowledged' | 'name_missing' | { readonly silencedUntil: string }

const newsLine = (language: Language, news: AckNews | undefined): string => {
  const texts = TEXTS[language]
  if (news === undefined) return ''
  if (news === 'name_missing') return `<p class="error" role="alert">${texts.nameMissing}</p>`
  const text = news === 'acknowledged' ? texts.acknowledged : texts.silenced(news.silencedUntil)
  return `<p role="status"><strong>${text}</strong></p>`
}

const form = (language: Language, name: string, note: string): string => {
  const texts = TEXTS[language]
  const spans = Object.entries(texts.spans).map(([value, label]) => `<option value="${value}">${label}</option>`)
  return (
    '<form method="post">' +
    `<label>${texts.name}<input name="name" value="${escapeHtml(name)}" autocomplete="name" maxlength="${LONGEST_NAME}"></label>` +
    `<label>${texts.note}<small>${texts.noteHint}</small><input name="note" value="${escapeHtml(note)}" maxlength="${LONGEST_NOTE}"></label>` +
    `<label>${texts.span}<select name="for">${spans.join('')}</select></label>` +
    `<p><button name="do" value="acknowledge">${texts.acknowledge}</button></p>` +
    `<p><button class="plain" name="do" value="silence">${texts.silence}</button><small class="quiet">${texts.silenceHint}</small></p></form>`
  )
}

export interface AckPage {
  readonly language: Language
  readonly words: AlertWords
  readonly news?: AckNews | undefined
  /** As it was typed. */
  readonly name?: string
  readonly note?: string
}

const LINK = /https?:\/\/[^\s<>"]+/g

/** A line of the message, with what it links to, such as the runbook. */
const linked = (line: string): string => {
  let html = ''
  let at = 0
  for (const { 0: link, index } of line.matchAll(LINK)) {
    const href = escapeHtml(link)
    html += `${escapeHtml(line.slice(at, index))}<a href="${href}" rel="noreferrer">${href}</a>`
    at = index + link.length
  }
  return html + escapeHtml(line.slice(at))
}

/** The alert in words, and the form to take care of it while it is open. */
export const ackPage = ({ language, words, news, name = '', note = '' }: AckPage): string => {
  const { alert, subject, lines } = words
  const texts = TEXTS[language]
  const told = `<ul class="facts">${lines.map((line) => `<li>${linked(line)}</li>`).join('')}</ul>`
  const rest =
    alert.status === 'resolved'
      ? `<p><strong>${texts.over}</strong></p>`
      : newsLine(language, news) + form(language, name, note)
  return page(language, texts.title, `<h2>${escapeHtml(subject)}</h2>${told}${rest}`)
}

/** What a link that nobody signed answers. */
export const unknownAckPage = (language: Language): string => {
  const texts = TEXTS[language]
  return page(language, texts.unknown, `<p>${texts.unknownHint}</p>`)
}
