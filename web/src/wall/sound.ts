import type { Problem } from './data.ts'

const STORED = 'vigia_wall_sound'
/** Two notes that fall: trouble, heard across a room. */
const NOTES = [880, 587]
const NOTE_S = 0.28

let context: AudioContext | undefined

const readChoice = (): boolean => {
  try {
    return localStorage.getItem(STORED) === 'on'
  } catch {
    return false
  }
}

let on = readChoice()
export const isSoundOn = (): boolean => on

const play = () => {
  context ??= new AudioContext()
  const { currentTime } = context
  for (const [index, frequency] of NOTES.entries()) {
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    oscillator.frequency.value = frequency
    const begin = currentTime + index * NOTE_S
    gain.gain.setValueAtTime(0.25, begin)
    gain.gain.exponentialRampToValueAtTime(0.001, begin + NOTE_S)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(begin)
    oscillator.stop(begin + NOTE_S)
  }
}

/** Chosen by hand: a browser plays nothing before somebody has touched the page. */
export const switchSound = (): void => {
  on = !on
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off')
  } catch {
    // It holds as long as the page stands.
  }
  if (on) play()
}

const keyOf = ({ name, state, since }: Problem): string => `${name}\n${state}\n${since}`
let known: ReadonlySet<string> | undefined

/** True where something is down that was not at the last look, and nobody takes care of it. */
const isNews = (problems: readonly Problem[]): boolean => {
  const before = known
  const down = problems.filter(({ state, acknowledged }) => state === 'down' && !acknowledged)
  known = new Set(problems.map(keyOf))
  return before !== undefined && down.some((problem) => !before.has(keyOf(problem)))
}

/** Sounds where it was asked for and there is news. */
export const hear = (problems: readonly Problem[]): void => {
  if (isNews(problems) && on) play()
}
