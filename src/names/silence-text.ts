import type { Silence } from './name-lookup.ts'

/** Who does not answer, as a sentence without its end: `the resolver 10.0.0.53 does not answer`. */
export const silenceText = ({ servers, how }: Pick<Silence, 'servers' | 'how'>): string =>
  `the resolver ${servers.join(', ')} ${how}`
