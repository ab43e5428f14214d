import type { Matcher } from '#core/rule/matcher.ts'

/** `site = POP-9; type in dns, tcp`. */
export const matchText = (matchers: readonly Matcher[]): string =>
  matchers.map(({ name, operator, value }) => `${name} ${operator} ${[value].flat().join(', ')}`).join('; ')
