import type { Language } from '#core/message/message.ts'
import type { Notice, NoticeCode } from '#core/message/notice.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { fitText, peopleNumber, type Times } from '../format.ts'

type Of<Code extends NoticeCode> = Extract<Notice, { readonly code: Code }>
type Maintenance = Omit<Of<'maintenance_begin'>, 'code'>
type DutyGap = Of<'duty_gap'>

/** How one kind of notice reads in one language. */
interface Words<One> {
  /** What a subject begins with, and what it says after the name. */
  readonly word: string
  readonly tail: (notice: One, times: Times) => string
  /** Its sentences, the first one whole by itself. */
  readonly lines: (notice: One, times: Times) => readonly string[]
}

type NoticeTexts = { readonly [Code in NoticeCode]: Words<Of<Code>> }

const NAMED = 20

const listOf = (names: readonly string[], count: number): string => {
  const shown = names.slice(0, NAMED)
  const more = count - shown.length
  return `${shown.map((name) => fitText(name, 80)).join(', ')}${more > 0 ? ` … +${more}` : ''}`
}

const moments = ({ starts_at: from, ends_at: to }: Maintenance) => [Date.parse(from), Date.parse(to)] as const

const gapLines = ({ gaps }: DutyGap, times: Times): readonly string[] =>
  gaps.map(({ starts_at, ends_at }) => {
    const [from, to] = [Date.parse(starts_at), Date.parse(ends_at)]
    return `${times.minute(from)} – ${times.minute(to)} (${peopleDuration(to - from)})`
  })

const several = (count: number, one: string, many: string): string => (count === 1 ? one : many)

const english = (() => {
  const span = (notice: Maintenance, times: Times) => {
    const [from, to] = moments(notice)
    return `from ${times.minute(from)} to ${times.minute(to)} (${peopleDuration(to - from)})`
  }
  const what = ({ count, subscribers, names, note, by }: Maintenance) => [
    ...(count === 0
      ? ['It covers no monitor now.']
      : [
          `Covers ${peopleNumber(count, 'en')} ${several(count, 'device', 'devices')}${subscribers > 0 ? `, ${peopleNumber(subscribers, 'en')} subscribers` : ''}: ${listOf(names, count)}`,
        ]),
    ...(note ? [`Note: ${note}`] : []),
    ...(by ? [`Planned by: ${by}`] : []),
  ]
  const quiet = 'Meanwhile no alert is opened for them; what is still down at the end is told then.'
  return {
    maintenance_ahead: {
      word: 'MAINTENANCE AHEAD',
      tail: (notice, times) => times.minute(moments(notice)[0]),
      lines: (notice, times) => [`Planned maintenance ${notice.name}: ${span(notice, times)}.`, ...what(notice), quiet],
    },
    maintenance_begin: {
      word: 'MAINTENANCE BEGINS',
      tail: (notice, times) => `until ${times.minute(moments(notice)[1])}`,
      lines: (notice, times) => [`Planned maintenance ${notice.name}: ${span(notice, times)}.`, ...what(notice), quiet],
    },
    maintenance_end: {
      word: 'MAINTENANCE ENDS',
      tail: (notice, times) => times.minute(moments(notice)[1]),
      lines: (notice, times) => [
        `Planned maintenance ${notice.name} has ended: ${span(notice, times)}.`,
        ...(notice.count === 0
          ? []
          : [
              notice.down.length === 0
                ? several(
                    notice.count,
                    'The device is not down.',
                    `None of the ${peopleNumber(notice.count, 'en')} devices is down.`,
                  )
                : `Still down: ${listOf(notice.down, notice.down.length)}`,
            ]),
        ...(notice.note ? [`Note: ${notice.note}`] : []),
      ],
    },
    shift_handover: {
      word: 'SHIFT HANDED OVER',
      tail: (notice, times) => times.minute(Date.parse(notice.ends_at)),
      lines: (notice, times) => [
        `${notice.name} hands over the shift from ${times.minute(Date.parse(notice.starts_at))} to ${times.minute(Date.parse(notice.ends_at))}.`,
        ...(notice.note ? [`Note: ${notice.note}`] : []),
        `Opened: ${peopleNumber(notice.opened, 'en')} · Closed: ${peopleNumber(notice.closed, 'en')} · Still open: ${peopleNumber(notice.open, 'en')}`,
        ...(notice.open === 0 ? [] : [`Still open: ${listOf(notice.open_names, notice.open)}`]),
        ...notice.pinned.map((line) => `Pending: ${line}`),
        ...notice.lines.map((line) => `Log: ${line}`),
      ],
    },
    duty_gap: {
      word: 'NOBODY ON DUTY',
      tail: (notice, times) => times.minute(Date.parse(notice.gaps[0]!.starts_at)),
      lines: (notice, times) => [
        `By the list ${notice.name} nobody is on duty:`,
        ...gapLines(notice, times),
        ...(notice.count > notice.gaps.length
          ? [`Within two weeks there are ${peopleNumber(notice.count, 'en')} such times.`]
          : []),
        `What happens meanwhile goes to ${listOf(notice.fallback, notice.fallback.length)}.`,
      ],
    },
    maintenance_cancelled: {
      word: 'MAINTENANCE CANCELLED',
      tail: (notice, times) => times.minute(moments(notice)[0]),
      lines: (notice, times) => [
        `Planned maintenance ${notice.name}, announced for ${times.minute(moments(notice)[0])}, does not take place.`,
      ],
    },
  } satisfies NoticeTexts
})()

const spanish = (() => {
  const span = (notice: Maintenance, times: Times) => {
    const [from, to] = moments(notice)
    return `de ${times.minute(from)} a ${times.minute(to)} (${peopleDuration(to - from)})`
  }
  const what = ({ count, subscribers, names, note, by }: Maintenance) => [
    ...(count === 0
      ? ['Ahora no alcanza a ningún monitor.']
      : [
          `Alcanza a ${peopleNumber(count, 'es')} ${several(count, 'equipo', 'equipos')}${subscribers > 0 ? `, ${peopleNumber(subscribers, 'es')} abonados` : ''}: ${listOf(names, count)}`,
        ]),
    ...(note ? [`Nota: ${note}`] : []),
    ...(by ? [`Programado por: ${by}`] : []),
  ]
  const quiet = 'Mientras tanto no se abren alertas por ellos; lo que siga caído al final se avisa entonces.'
  return {
    maintenance_ahead: {
      word: 'PRÓXIMO MANTENIMIENTO',
      tail: (notice, times) => times.minute(moments(notice)[0]),
      lines: (notice, times) => [
        `Mantenimiento programado ${notice.name}: ${span(notice, times)}.`,
        ...what(notice),
        quiet,
      ],
    },
    maintenance_begin: {
      word: 'EMPIEZA MANTENIMIENTO',
      tail: (notice, times) => `hasta ${times.minute(moments(notice)[1])}`,
      lines: (notice, times) => [
        `Mantenimiento programado ${notice.name}: ${span(notice, times)}.`,
        ...what(notice),
        quiet,
      ],
    },
    maintenance_end: {
      word: 'TERMINA MANTENIMIENTO',
      tail: (notice, times) => times.minute(moments(notice)[1]),
      lines: (notice, times) => [
        `Terminó el mantenimiento programado ${notice.name}: ${span(notice, times)}.`,
        ...(notice.count === 0
          ? []
          : [
              notice.down.length === 0
                ? several(
                    notice.count,
                    'El equipo no está caído.',
                    `Ninguno de los ${peopleNumber(notice.count, 'es')} equipos está caído.`,
                  )
                : `Siguen caídos: ${listOf(notice.down, notice.down.length)}`,
            ]),
        ...(notice.note ? [`Nota: ${notice.note}`] : []),
      ],
    },
    shift_handover: {
      word: 'ENTREGA DE TURNO',
      tail: (notice, times) => times.minute(Date.parse(notice.ends_at)),
      lines: (notice, times) => [
        `${notice.name} entrega el turno de ${times.minute(Date.parse(notice.starts_at))} a ${times.minute(Date.parse(notice.ends_at))}.`,
        ...(notice.note ? [`Nota: ${notice.note}`] : []),
        `Abiertas: ${peopleNumber(notice.opened, 'es')} · Cerradas: ${peopleNumber(notice.closed, 'es')} · Siguen abiertas: ${peopleNumber(notice.open, 'es')}`,
        ...(notice.open === 0 ? [] : [`Siguen abiertas: ${listOf(notice.open_names, notice.open)}`]),
        ...notice.pinned.map((line) => `Pendiente: ${line}`),
        ...notice.lines.map((line) => `Registro: ${line}`),
      ],
    },
    duty_gap: {
      word: 'NADIE DE GUARDIA',
      tail: (notice, times) => times.minute(Date.parse(notice.gaps[0]!.starts_at)),
      lines: (notice, times) => [
        `Según la lista ${notice.name} no hay nadie de guardia:`,
        ...gapLines(notice, times),
        ...(notice.count > notice.gaps.length
          ? [`En las próximas dos semanas hay ${peopleNumber(notice.count, 'es')} huecos así.`]
          : []),
        `Lo que ocurra mientras tanto llega a ${listOf(notice.fallback, notice.fallback.length)}.`,
      ],
    },
    maintenance_cancelled: {
      word: 'SE CANCELA MANTENIMIENTO',
      tail: (notice, times) => times.minute(moments(notice)[0]),
      lines: (notice, times) => [
        `El mantenimiento programado ${notice.name}, anunciado para ${times.minute(moments(notice)[0])}, no se hace.`,
      ],
    },
  } satisfies NoticeTexts
})()

const NOTICES: Readonly<Record<Language, NoticeTexts>> = { en: english, es: spanish }

/** How a notice reads in a language. */
export const noticeWords = (notice: Notice, language: Language): Words<Notice> =>
  NOTICES[language][notice.code] as Words<Notice>
