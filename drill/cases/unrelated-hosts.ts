import { deviceName } from '../configuration.ts'
import { type DrillCase, MINUTE, SECOND } from '../scene.ts'

const OTHERS = [4, 5, 8]
const DEVICE = 12

/** A large outage must not hide small ones elsewhere. */
export const unrelatedHosts: DrillCase = {
  name: 'unrelated hosts',
  what: 'POP-03 is down for 8 minutes; meanwhile one device dies on each of POP-04, POP-05 and POP-08',
  perfect: { mail: 8, chat: 8 },
  play: async (scene) => {
    scene.mustTell('POP-03')
    scene.off(3)
    await scene.wait(MINUTE)
    for (const pop of OTHERS) {
      scene.mustTell(deviceName(pop, DEVICE))
      scene.kill(pop, [DEVICE])
    }
    await scene.wait(30 * SECOND)
    await scene.strike()
    await scene.wait(6.5 * MINUTE)
    scene.on(3)
    for (const pop of OTHERS) scene.revive(pop, [DEVICE])
  },
}
