import { type DrillCase, MINUTE, SECOND } from '../scene.ts'

/** A POP loses power: one message, one recovery, whatever hangs behind it. */
export const popDies: DrillCase = {
  name: 'pop dies',
  what: 'POP-07 loses power for 6 minutes, and 30 devices with it',
  perfect: { mail: 2, chat: 2 },
  play: async (scene) => {
    scene.mustTell('POP-07')
    scene.off(7)
    await scene.wait(30 * SECOND)
    await scene.strike()
    await scene.wait(5.5 * MINUTE)
    scene.on(7)
  },
}
