import { type DrillCase, MINUTE, SECOND } from '../scene.ts'

/** Work that was announced wakes nobody and is charged to nobody. */
export const plannedRestart: DrillCase = {
  name: 'planned restart',
  what: 'the router of POP-09 restarts for 4 minutes during planned work',
  perfect: { mail: 0, chat: 0 },
  planned: true,
  play: async (scene) => {
    scene.plan(9, 12 * MINUTE)
    await scene.wait(MINUTE)
    scene.off(9)
    await scene.wait(90 * SECOND)
    await scene.strike()
    await scene.wait(150 * SECOND)
    scene.on(9)
  },
}
