import type { DetectorType } from '#core/detector.ts'
import { beaconing } from './beaconing.ts'
import { dga } from './dga.ts'
import { dnsTunneling } from './dns-tunneling.ts'
import { portScan } from './port-scan.ts'

/** Every detector. The only list. */
const types: readonly DetectorType[] = [portScan, dnsTunneling, dga, beaconing]

export const detectorTypes: ReadonlyMap<string, DetectorType> = new Map(types.map((type) => [type.name, type]))
