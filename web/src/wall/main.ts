import './wall.css'
import { addressOf, type Look, lookOnce } from './data.ts'
import { draw, titleOf } from './draw.ts'
import { hear, switchSound } from './sound.ts'

const LOOK_EVERY_MS = 5000
/** A link that does not hold is tried again now and then: somebody may sign in. */
const REFUSED_EVERY_MS = 60_000

const place = document.getElementById('wall')!
const address = addressOf(location)
const now = () => Date.now()
let look: Look = { data: undefined, seenAt: now(), lostAt: undefined, refused: false }
let drawn = ''

const acts = {
  sound: () => {
    switchSound()
    show(true)
  },
  full: () => {
    void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())
  },
}

/** Draws where anything changed: a wall that stands for weeks does no work for what it shows already. */
const show = (anyway = false) => {
  const { at: _, ...data } = look.data ?? { at: '' }
  const minute = Math.floor(now() / 60_000)
  const wanted = JSON.stringify([data, look.lostAt, look.refused, minute])
  if (wanted === drawn && !anyway) return
  drawn = wanted
  place.replaceChildren(...draw(look, now(), acts))
  document.title = titleOf(look)
}

const turn = async () => {
  const before = look
  look = await lookOnce(address, before, now)
  // Another version of the server may speak another way: the page is loaded anew, while it can be.
  const versions = [before.data?.version, look.data?.version]
  if (versions[0] !== undefined && versions[1] !== undefined && versions[0] !== versions[1]) return location.reload()
  if (look.data && look.lostAt === undefined) hear(look.data.problems)
  show()
  setTimeout(turn, look.refused ? REFUSED_EVERY_MS : LOOK_EVERY_MS)
}
void turn()
