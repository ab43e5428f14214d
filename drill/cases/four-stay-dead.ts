import { deviceName } from '../configuration.ts'
import { type DrillCase, MINUTE, SECOND } from '../scene.ts'

const FOUR = [3, 9, 17, 28]

/** What does not come back with its POP is told together, and so is its return. */
export const fourStayDead: DrillCase = {
  name: 'four stay dead',
  what: 'POP-05 recovers after 6 minutes, four of its devices only 10 minutes later',
  perfect: { mail: 4, chat: 4 },
  play: async (scene) => {
    scene.mustTell('POP-05')
    scene.off(5)
    scene.kill(5, FOUR)
    await scene.wait(30 * SECOND)
    await scene.strike()
    await scene.wait(5.5 * MINUTE)
    scene.on(5)
    // Told five minutes after their POP is back, which takes a few looks to be seen.
    for (const device of FOUR) scene.mustTell(deviceName(5, device), undefined, 420)
    await scene.wait(10 * MINUTE)
    scene.revive(5, FOUR)
  },
}
