import { deviceName } from '../configuration.ts'
import { type DrillCase, MINUTE } from '../scene.ts'

/** Mail that comes an hour late is one truth: nothing is down, this happened meanwhile. The chat told it in time. */
export const mailServerDown: DrillCase = {
  name: 'mail server down',
  what: 'POP-02 and a device of POP-01 fail and recover while the mail server is down for an hour',
  perfect: { mail: 1, chat: 4 },
  play: async (scene) => {
    await scene.mail(false)
    await scene.wait(5 * MINUTE)
    scene.mustTell('POP-02')
    scene.off(2)
    scene.mustTell(deviceName(1, 7))
    scene.kill(1, [7])
    await scene.wait(10 * MINUTE)
    await scene.strike()
    await scene.wait(10 * MINUTE)
    scene.on(2)
    scene.revive(1, [7])
    await scene.wait(35 * MINUTE)
    await scene.mail(true)
  },
}
