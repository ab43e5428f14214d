import type { Silence } from './name-lookup.ts'

/** Who does not answer, as a sentence without its end: `the resolver 10.0.0.53 does not answer`. */
export const silenceText = ({ servers, how }: Pick<Silence, 'servers' | 'how'>): string =>
  `the resolver ${servers.join(', ')} ${how}`

/** That a look went by an old address: `looked at by the last known address of web.example`. */
export const lastKnownOf = (host: string): string => `looked at by the last known address of ${host}`
