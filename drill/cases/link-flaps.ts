import { type DrillCase, MINUTE, SECOND } from '../scene.ts'

/**
 * A link that comes and goes. Who cannot see the future tells the first outage and its end, then that the link flaps, and at
 * last what it came to.
 */
export const linkFlaps: DrillCase = {
  name: 'link flaps',
  what: 'the link to POP-10 fails 40 times within an hour',
  perfect: { mail: 4, chat: 4 },
  play: async (scene) => {
    scene.mustTell('POP-10')
    for (let round = 1; round <= 40; round++) {
      scene.off(10)
      await scene.wait(60 * SECOND)
      scene.on(10)
      if (round === 20) await scene.strike()
      await scene.wait(30 * SECOND)
    }
    // It is calm when about ten minutes have brought nothing new.
    await scene.wait(20 * MINUTE)
  },
}
