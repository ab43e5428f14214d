import type { Language } from '../message/message.ts'
import type { Role } from './role.ts'

/** Who asks: a person with a session, or a program with a token. */
export interface Actor {
  readonly kind: 'user' | 'token'
  readonly id: number
  readonly name: string
  readonly role: Role
  /** The session of a person. */
  readonly sessionId?: number
  readonly language?: Language
}
