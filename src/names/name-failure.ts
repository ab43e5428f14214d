import { because } from '#core/cause/cause.ts'
import type { ProbeError } from '#core/result/result.ts'
import type { Silence } from './name-lookup.ts'

/** Why no address of a name is known. */
export type NameFailure = ProbeError

export const noSuchName = (host: string): NameFailure => ({
  code: 'dns_not_found',
  cause: because('no_address', { host }),
})

export const noDescriptors = (host: string): NameFailure => ({
  code: 'no_descriptors',
  cause: because('not_looked_up', { host, why: because('too_many_open_files') }),
})

/** Who looks names up answers, but not as it should. */
export const refusedAnswer = (name: string, rcode: string): NameFailure => ({
  code: 'dns_failed',
  cause: because('resolver_answered', { rcode, name }),
})

/** Nobody answered for it: whoever looks names up is silent about all, or about this one. */
export const notAnswered = (host: string, silence: Silence | undefined): NameFailure =>
  silence
    ? { code: 'resolver_silent', cause: because('no_known_address', { cause: silence.cause, host }) }
    : { code: 'timeout', cause: because('name_unanswered', { host }) }

/** It waits in our own queue, with so many others. */
export const notAskedYet = (host: string, waiting: number): NameFailure => ({
  code: 'late',
  cause: because('not_looked_up_in_time', { host, waiting }),
})

export const wrongVersion = (host: string, version: number): NameFailure => ({
  code: 'bad_address',
  cause: because('wrong_ip_version', { host, version }),
})
