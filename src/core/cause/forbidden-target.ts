import { type AddressPolicy, type ForbiddenKind, forbiddenKind } from '#lib/net/forbidden-address.ts'
import { because, type Cause, type CauseCode } from './cause.ts'

const WHAT: Readonly<Record<ForbiddenKind | 'not_an_address', Cause>> = {
  metadata: because('metadata_service'),
  loopback: because('loopback'),
  unspecified: because('unspecified_address'),
  link_local: because('link_local'),
  multicast: because('multicast_or_broadcast'),
  not_an_address: because('not_an_address'),
}

/** Who does not go there. */
export type TargetRule = Extract<CauseCode, `not_by_${string}`>

/** Why a request goes to no such address; undefined for one that the policy allows. `rule` ends the sentence that says so. */
export const forbiddenTarget = (address: string, policy: AddressPolicy, rule: TargetRule): Cause | undefined => {
  const kind = forbiddenKind(address, policy)
  return kind && because('forbidden_target', { address, what: WHAT[kind], why: because(rule) })
}
