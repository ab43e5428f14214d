import type { ErrorCode } from '#core/result/result.ts'
import type { Silence } from './name-lookup.ts'
import { silenceText } from './silence-text.ts'

/** Why no address of a name is known. */
export interface NameFailure {
  readonly code: ErrorCode
  readonly message: string
}

export const noSuchName = (host: string): NameFailure => ({
  code: 'dns_not_found',
  message: `${host} has no address`,
})

export const noDescriptors = (host: string): NameFailure => ({
  code: 'no_descriptors',
  message: `${host} was not looked up: this process has too many open files`,
})

/** Nobody answered for it: whoever looks names up is silent about all, or about this one. */
export const notAnswered = (host: string, silence: Silence | undefined): NameFailure =>
  silence
    ? { code: 'resolver_silent', message: `${silenceText(silence)}, and no address of ${host} is known` }
    : { code: 'timeout', message: `the resolver did not answer for ${host} in time` }

/** It waits in our own queue, with so many others. */
export const notAskedYet = (host: string, waiting: number): NameFailure => ({
  code: 'late',
  message: `${host} was not looked up in time: ${waiting} names wait to be asked for`,
})
