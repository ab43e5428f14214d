import { type DrillCase, MINUTE } from '../scene.ts'

/** A bad link is not a dead one: the POP is degraded, nothing is down. */
export const packetLoss: DrillCase = {
  name: 'packet loss',
  what: '30 % of the packets to POP-06 are lost for 10 minutes',
  perfect: { mail: 2, chat: 2 },
  play: async (scene) => {
    scene.mustTell('POP-06', undefined, 600)
    scene.lose(6, 30)
    await scene.wait(5 * MINUTE)
    await scene.strike()
    await scene.wait(5 * MINUTE)
    scene.lose(6, 0)
  },
}
