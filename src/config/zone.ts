import { because, type Cause } from '#core/cause/cause.ts'
import { nearest } from '#lib/text/nearest.ts'
import { isTimeZone } from '#lib/time/zone.ts'

/** What is wrong with the name of a time zone, and what would be right. */
export const zoneProblem = (zone: string): Cause | undefined => {
  if (isTimeZone(zone)) return undefined
  const meant = nearest(zone, Intl.supportedValuesOf('timeZone'))
  const right = meant === undefined ? because('write_iana_zone') : because('did_you_mean', { meant })
  return because('config_zone_unknown', { zone, right })
}
