import { type DrillCase, SECOND } from '../scene.ts'

/** We are the ones who are cut off: one message says so, and nobody is accused. */
export const uplinkDies: DrillCase = {
  name: 'our uplink dies',
  what: 'our own line is cut for 3 minutes; nothing else is broken',
  perfect: { mail: 2, chat: 2 },
  play: async (scene) => {
    scene.mustTell('our own connection', /cannot see/i, 60)
    scene.off('uplink')
    await scene.wait(40 * SECOND)
    await scene.strike()
    await scene.wait(140 * SECOND)
    scene.on('uplink')
  },
}
