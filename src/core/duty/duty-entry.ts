import { type Static, Type } from '#lib/schema.ts'
import { TIME_OF_DAY_PATTERN } from '#lib/time/local-time.ts'

import { DUTY_DAYS, type DutyDay, type DutyList, type DutyPerson } from './duty.ts'

/** Who is on duty, as the file, the API and the page write it. */

const name = (title: string, es: string) =>
  Type.String({ title, 'x-es': { title: es }, minLength: 1, maxLength: 200, pattern: '^\\S(.*\\S)?$' })
const date = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', examples: ['2026-12-25'] })
const time = Type.String({ pattern: TIME_OF_DAY_PATTERN, examples: ['22:00'] })
const channels = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  description: 'Names of channels',
  minItems: 1,
  maxItems: 20,
})

export const dutyPersonSchema = Type.Object(
  {
    name: name('Name', 'Nombre'),
    channels,
    aliases: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        description: 'Accounts in chats, by number or name: who presses a button there is this person',
        maxItems: 20,
      }),
    ),
  },
  { additionalProperties: false },
)

const shift = Type.Object(
  {
    days: Type.Optional(
      Type.Array(Type.Unsafe<DutyDay>(Type.Enum(DUTY_DAYS as unknown as string[])), {
        description: 'Days on which it begins: mon … sun, holiday; default: every day, holidays too',
        minItems: 1,
        maxItems: 8,
      }),
    ),
    from: time,
    to: time,
    people: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      description: 'Names of people',
      minItems: 1,
      maxItems: 50,
    }),
    turns_since: Type.Optional(date),
  },
  { additionalProperties: false },
)

export const dutyListSchema = Type.Object(
  {
    name: name('Name', 'Nombre'),
    match: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.String({ maxLength: 200 }), {
        description: 'Labels of the alerts that it is for; default: any',
      }),
    ),
    time_zone: Type.Optional(Type.String({ description: "Default: the server's", minLength: 1, maxLength: 100 })),
    shifts: Type.Array(shift, { maxItems: 100 }),
    holidays: Type.Optional(
      Type.Array(
        Type.Union([
          date,
          Type.Object({ date, name: Type.Optional(Type.String({ maxLength: 100 })) }, { additionalProperties: false }),
        ]),
        { description: 'On these dates only shifts with the day holiday begin', maxItems: 400 },
      ),
    ),
    fallback: channels,
    gaps_are_meant: Type.Optional(
      Type.Boolean({ description: 'Hours without anybody are meant, and not told ahead', default: false }),
    ),
  },
  { additionalProperties: false },
)

export const dutySchema = Type.Object(
  {
    people: Type.Optional(Type.Array(dutyPersonSchema, { maxItems: 500 })),
    lists: Type.Optional(Type.Array(dutyListSchema, { maxItems: 100 })),
  },
  { additionalProperties: false },
)

export type DutyPersonEntry = Static<typeof dutyPersonSchema>
export type DutyListEntry = Static<typeof dutyListSchema>

/** A person as the file or the API writes one; aliases are optional there. */
export const dutyPersonOf = ({ name, channels, aliases = [] }: DutyPersonEntry): DutyPerson => ({
  name,
  channels,
  aliases,
})

/** A list as the file or the API writes one, with what is optional there filled in. */
export const dutyListOf = (entry: DutyListEntry): DutyList => ({
  name: entry.name,
  match: entry.match ?? {},
  ...(entry.time_zone !== undefined && { timeZone: entry.time_zone }),
  shifts: entry.shifts.map(({ turns_since, ...shift }) => ({
    ...shift,
    ...(turns_since !== undefined && { turnsSince: turns_since }),
  })),
  holidays: (entry.holidays ?? []).map((one) => (typeof one === 'string' ? { date: one } : one)),
  fallback: entry.fallback,
  ...(entry.gaps_are_meant && { gapsAreMeant: true }),
})

/** A person as the file and the API write one: the reverse of `dutyPersonOf`. */
export const dutyPersonEntryOf = ({ name, channels, aliases }: DutyPerson): DutyPersonEntry => ({
  name,
  channels: [...channels],
  aliases: [...aliases],
})

/** A list as the file and the API write one: the reverse of `dutyListOf`. */
export const dutyListEntryOf = (list: DutyList): DutyListEntry => ({
  name: list.name,
  match: { ...list.match },
  ...(list.timeZone !== undefined && { time_zone: list.timeZone }),
  shifts: list.shifts.map(({ days, from, to, people, turnsSince }) => ({
    ...(days && { days: [...days] }),
    from,
    to,
    people: [...people],
    ...(turnsSince !== undefined && { turns_since: turnsSince }),
  })),
  holidays: list.holidays.map((one) => ({ ...one })),
  fallback: [...list.fallback],
  gaps_are_meant: list.gapsAreMeant ?? false,
})
