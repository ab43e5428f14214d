import { because, type Cause } from '#core/cause/cause.ts'
import type { ProbeError } from '#core/result/result.ts'
import type { HttpFault, HttpOddity } from '#lib/net/http-head.ts'
import type { HttpBreak } from '#lib/net/http-reader.ts'

const faultCause = (fault: HttpFault, target: string): Cause => {
  if ('limit' in fault) return because('http_headers_too_large', { target, kilobytes: Math.round(fault.limit / 1024) })
  if ('line' in fault) return because(`http_${fault.code}`, { target, line: fault.line })
  if ('value' in fault) return because(`http_${fault.code}`, { target, value: fault.value })
  return because(fault.code === 'not_http' ? 'not_http' : `http_${fault.code}`, { target })
}

/** An answer that cannot be read, with what is wrong with it. */
export const faultError = (fault: HttpFault, target: string): ProbeError => ({
  code: 'protocol_error',
  cause: faultCause(fault, target),
})

const breakCause = (broken: HttpBreak, target: string): Cause => {
  if (broken.within !== 'body')
    return because(broken.within === 'nothing' ? 'http_closed_unanswered' : 'http_closed_in_headers', { target })
  const { received, announced } = broken
  if (announced === undefined) return because('http_closed_in_chunks', { target, received })
  return because('http_closed_early', { target, received, announced })
}

/** An answer that ended before its end: the other side closed the connection. */
export const breakError = (broken: HttpBreak, target: string): ProbeError => ({
  code: 'reset',
  cause: breakCause(broken, target),
})

export const oddityCause = (oddity: HttpOddity): Cause => because(`http_${oddity}`)

/** An answer that can be read and breaks the rules, where these are asked for. */
export const oddityError = (oddity: HttpOddity, target: string): ProbeError => ({
  code: 'protocol_error',
  cause: because('http_odd', { target, what: oddityCause(oddity) }),
})
