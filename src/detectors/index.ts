import type { DetectorType } from '#core/detector.ts'
import { portScan } from './port-scan.ts'

/** Every detector. The only list. */
const types: readonly DetectorType[] = [portScan]

export const detectorTypes: ReadonlyMap<string, DetectorType> = new Map(types.map((type) => [type.name, type]))
