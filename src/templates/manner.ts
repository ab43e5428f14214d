import { type Fact, isCause } from '#core/cause/cause.ts'
import type { Message } from '#core/message/message.ts'

/** How a monitor fails: no answer, another answer than it should give, a call that is overdue, a failure that was called in. */
export type Manner = 'silent' | 'wrong' | 'overdue' | 'reported'

const MANNERS: ReadonlyMap<string, Manner> = new Map([
  ...(
    [
      'tls_invalid',
      'tls_expired',
      'tls_expiring',
      'tls_name_mismatch',
      'status_mismatch',
      'keyword_missing',
      'keyword_present',
      'json_mismatch',
      'answer_mismatch',
      'too_many_redirects',
      'protocol_error',
      'body_too_large',
    ] as const
  ).map((code) => [code, 'wrong'] as const),
  ['push_missing', 'overdue'],
  ['push_reported_down', 'reported'],
])

/** By the stable code of the cause: what answers wrongly must not be said to be silent. */
export const mannerOf = ({ code }: Pick<Message, 'code'>): Manner => MANNERS.get(code ?? '') ?? 'silent'

/** The HTTP status that came in place of the one that was wanted. */
export const wrongStatus = ({ cause_code, cause_facts }: Message): string | undefined => {
  if (cause_code === 'status_mismatch') return String(cause_facts?.status)
  const what = (cause_code === 'login_not_sent' ? cause_facts?.what : undefined) as Fact | undefined
  return isCause(what) && what.code === 'status_mismatch' ? String(what.facts.status) : undefined
}
