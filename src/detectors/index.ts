import type { DetectorType } from '#core/detector.ts'
import { beaconing } from './beaconing.ts'
import { dga } from './dga.ts'
import { dnsTunneling } from './dns-tunneling.ts'
import { flowClassifier } from './flow-classifier.ts'
import { longConnection } from './long-connection.ts'
import { portScan } from './port-scan.ts'
import { selfSignedTls } from './self-signed-tls.ts'
import { strobe } from './strobe.ts'
import { zeekNotice } from './zeek-notice.ts'

/** Every detector. The only list. */
const types: readonly DetectorType[] = [
  portScan,
  dnsTunneling,
  dga,
  beaconing,
  selfSignedTls,
  longConnection,
  strobe,
  zeekNotice,
  flowClassifier,
]

export const detectorTypes: ReadonlyMap<string, DetectorType> = new Map(types.map((type) => [type.name, type]))
