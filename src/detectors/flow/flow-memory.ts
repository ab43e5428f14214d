import { HOST_PORTS } from './flow-windows.ts'

/** Weight of the newest connection in what is remembered, and of the memory in what is said. */
const NEWEST = 0.15
const REMEMBERED = 0.6

/**
 * One connection says little; what a host does at doors of one number says more. The score that counts is that of the
 * connection, drawn towards the mean of those before it from the same host to the same port.
 */
export interface FlowMemory {
  /** `door` is the place of host and port; `fresh` where nothing is known of them. */
  blend(door: number, fresh: boolean, score: number): number
}

export const createFlowMemory = (): FlowMemory => {
  const means = new Float32Array(HOST_PORTS)
  const seen = new Uint8Array(HOST_PORTS)
  return {
    blend: (door, fresh, score) => {
      const count = fresh ? 0 : seen[door]!
      const weight = count === 0 ? 1 : Math.max(NEWEST, 1 / (count + 1))
      const mean = (count === 0 ? 0 : means[door]!) * (1 - weight) + score * weight
      means[door] = mean
      seen[door] = Math.min(255, count + 1)
      return score * (1 - REMEMBERED) + mean * REMEMBERED
    },
  }
}
