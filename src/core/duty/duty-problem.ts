import { isTimeZone, plainTime } from '#lib/time/zone.ts'
import type { ValueFault } from '../value-fault.ts'
import type { DutyList, DutyPerson } from './duty.ts'

/** What is wrong within an entry, with its place there. */
export interface DutyProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly fault: ValueFault
}

export interface DutyNames {
  /** Channels that could reach somebody. */
  readonly channels: readonly string[]
  readonly people: readonly string[]
}

const missingChannels = (names: readonly string[], key: string, known: readonly string[]): DutyProblem[] =>
  names.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            path: [key, index],
            message: `${key}: no channel is named ${name} that reaches somebody by itself`,
            fault: { code: 'no_channel', facts: { name } } as const,
          },
        ],
  )

/** What of a person names what is not there. */
export const dutyPersonProblems = (person: DutyPerson, { channels }: DutyNames): readonly DutyProblem[] =>
  missingChannels(person.channels, 'channels', channels)

const dateProblem = (date: string, path: readonly (string | number)[]): DutyProblem[] => {
  const [year, month, day] = date.split('-').map(Number)
  if (plainTime(year!, month!, day!)) return []
  return [
    {
      path,
      message: `${String(path.findLast((part) => typeof part === 'string'))}: ${date} is on no calendar`,
      fault: { code: 'no_such_time', facts: { value: date } },
    },
  ]
}

/** What of a list names what is not there. */
export const dutyListProblems = (list: DutyList, { channels, people }: DutyNames): readonly DutyProblem[] => [
  ...missingChannels(list.fallback, 'fallback', channels),
  ...(list.timeZone === undefined || isTimeZone(list.timeZone)
    ? []
    : [
        {
          path: ['time_zone'],
          message: `time_zone: ${list.timeZone} is no time zone, write for example America/Lima`,
          fault: { code: 'zone_unknown', facts: { zone: list.timeZone } } as const,
        },
      ]),
  ...list.holidays.flatMap(({ date }, index) => dateProblem(date, ['holidays', index])),
  ...list.shifts.flatMap(({ people: named, turnsSince }, index) => [
    ...named.flatMap((name, at): DutyProblem[] =>
      people.includes(name)
        ? []
        : [
            {
              path: ['shifts', index, 'people', at],
              message: `people: nobody is named ${name}`,
              fault: { code: 'not_known', facts: { value: name } },
            },
          ],
    ),
    ...(turnsSince === undefined ? [] : dateProblem(turnsSince, ['shifts', index, 'turns_since'])),
  ]),
]
