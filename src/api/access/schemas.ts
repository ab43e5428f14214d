import { LONGEST_PASSWORD } from '#auth/password.ts'
import type { Language } from '#core/message/message.ts'
import { ROLES } from '#core/who/role.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'

const LONGEST_NAME = 64

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description: string) => Type.String({ description: `${description}, ISO 8601 UTC` })
const role = Type.Enum([...ROLES], { description: 'viewer reads, operator acts, administrator manages access as well' })
const language = Type.Unsafe<Language | null>({ enum: ['en', 'es', null], description: "null: the browser's" })
const id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const strict = { additionalProperties: false }
// What is too short or too long is told by the rules of passwords, in words.
const password = (description: string) => Type.String({ description, maxLength: LONGEST_PASSWORD + 1 })
const list = <T extends Parameters<typeof Type.Array>[0]>(items: T) =>
  Type.Object({
    items: Type.Array(items),
    next_cursor: nullable(Type.String({ description: 'Send it back as cursor for the next page; null at the end' })),
  })

export const IdParams = Type.Object({ id })
export type IdParams = Static<typeof IdParams>

const User = Type.Object({
  id,
  name: Type.String(),
  role,
  language,
  enabled: Type.Boolean(),
  totp: Type.Boolean({ description: 'Whether a second factor is set up' }),
  created_at: time('Creation'),
})
export const UserAnswer = User
export const UserList = list(User)

export const NewUser = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: LONGEST_NAME }),
    password: password('At least 8 characters'),
    role,
    language: Type.Optional(language),
  },
  strict,
)
export type NewUser = Static<typeof NewUser>

export const UserPatch = Type.Object(
  {
    role: Type.Optional(role),
    language: Type.Optional(language),
    enabled: Type.Optional(Type.Boolean({ description: 'false ends the sessions' })),
    password: Type.Optional(password('A new one; ends the sessions')),
    totp: Type.Optional(Type.Literal(false, { description: 'Takes the second factor away and ends the sessions' })),
  },
  { ...strict, minProperties: 1 },
)
export type UserPatch = Static<typeof UserPatch>

export const Me = Type.Object({
  kind: Type.Enum(['user', 'token'] as const),
  id,
  name: Type.String(),
  role,
  language: Type.Optional(language),
  totp: Type.Optional(Type.Boolean()),
})

export const NewPassword = Type.Object(
  { current_password: password('The present one'), password: password('The new one, at least 8 characters') },
  strict,
)
export type NewPassword = Static<typeof NewPassword>

export const Confirmation = Type.Object({ current_password: password('The present one') }, strict)
export type Confirmation = Static<typeof Confirmation>

export const TotpBegun = Type.Object({
  secret: Type.String({ description: 'In base32, to type it into an app' }),
  uri: Type.String({ description: 'otpauth:// address, to show as a QR code' }),
})

export const TotpCode = Type.Object({ code: Type.String({ maxLength: 20 }) }, strict)
export type TotpCode = Static<typeof TotpCode>

export const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String(), { description: 'Each replaces the app once. Shown only here' }),
})

export const SessionList = list(
  Type.Object({
    id,
    current: Type.Boolean({ description: 'The one that asks' }),
    address: Type.String(),
    user_agent: Type.String(),
    created_at: time('Sign-in'),
    last_used_at: time('Last use, to the minute'),
    expires_at: time('End, unless it is used before'),
  }),
)

const token = {
  id,
  name: Type.String(),
  prefix: Type.String({ description: 'How the token begins' }),
  role,
  created_by: Type.String(),
  created_at: time('Creation'),
  last_used_at: nullable(time('Last use, to the minute')),
  expires_at: nullable(time('End; null: never')),
  revoked_at: nullable(time('Revocation')),
}
export const TokenList = list(Type.Object(token))
export const TokenCreated = Type.Object({ ...token, token: Type.String({ description: 'Shown only here' }) })

export const NewToken = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: LONGEST_NAME, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    role,
    expires: Type.Optional(Type.String({ description: 'After which time, as 90d', pattern: DURATION_PATTERN })),
  },
  strict,
)
export type NewToken = Static<typeof NewToken>

export const AuditQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  cursor: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,14}$' })),
})
export type AuditQuery = Static<typeof AuditQuery>

export const AuditList = list(
  Type.Object({
    id,
    at: time('When'),
    actor: Type.String({ description: 'user:NAME, token:NAME, cli or setup' }),
    action: Type.String(),
    object: Type.String(),
    object_id: nullable(Type.Integer()),
    details: Type.Unknown(),
    address: nullable(Type.String()),
  }),
)
