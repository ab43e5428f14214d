/** What operators of a site said of predictions: what a detector may know of it. */
export interface SiteVerdicts {
  /** Somebody said that this kind of traffic of this address is benign here. */
  isBenign(ip: string, kind: string): boolean
  /** Predictions that were judged, and how many of them were false. */
  readonly judged: number
  readonly benign: number
}

/** Nobody has judged anything yet. */
export const NO_VERDICTS: SiteVerdicts = { isBenign: () => false, judged: 0, benign: 0 }

/** From so many judged predictions on the share of false ones means something. */
const ENOUGH = 10
/** What is false more often than that is counted and not told. */
const MOST_FALSE = 0.25

/** True once a site knows how often predictions are false there, and that they seldom are. */
export const isTrusted = ({ judged, benign }: SiteVerdicts): boolean =>
  judged >= ENOUGH && benign / judged <= MOST_FALSE

/** The setting under which the answers of operators are kept. */
export const FLOW_VERDICTS = 'flow_verdicts'

/** What somebody said of a prediction: an exception at once, and an example for the next training. */
export type FlowVerdict = {
  readonly eventId: number
  readonly verdict: 'benign' | 'malicious'
  readonly ip: string
  readonly kind: string
  readonly port: number
  readonly at: number
  readonly by: string
  /** Features of some of its connections, base64, and the set that they are of. */
  readonly features: string
  readonly featureSet: number
}

/** What a detector may know of the answers. */
export const siteVerdicts = (verdicts: readonly FlowVerdict[]): SiteVerdicts => {
  const benign = verdicts.filter(({ verdict }) => verdict === 'benign')
  const excepted = new Set(benign.map(({ ip, kind }) => `${kind} ${ip}`))
  return {
    isBenign: (ip, kind) => excepted.size > 0 && excepted.has(`${kind} ${ip}`),
    judged: verdicts.length,
    benign: benign.length,
  }
}
