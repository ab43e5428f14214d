import { type DrillCase, MINUTE, SECOND } from '../scene.ts'

/** The core loses power: everything is dark, one thing is broken. */
export const coreDies: DrillCase = {
  name: 'core dies',
  what: 'the core router loses power for 6 minutes, and the whole network behind it',
  perfect: { mail: 2, chat: 2 },
  play: async (scene) => {
    scene.mustTell('core')
    scene.off('core')
    await scene.wait(20 * SECOND)
    await scene.strike()
    await scene.wait(5.6 * MINUTE)
    scene.on('core')
  },
}
