import { createRecentMap } from '#lib/sketch/recent-map.ts'

interface Episode {
  readonly announced: number
  readonly lastMs: number
}

export interface Episodes {
  /**
   * True when people should hear: a subject is new, has been silent for long enough to be new again, or is ten times
   * what was announced. Every call counts as a sign of life. `size` is whatever grows with the matter.
   */
  announce(subject: string, timeMs: number, size?: number): boolean
  /** Drops nothing, says whether an episode of the subject is open. */
  isOpen(subject: string, timeMs: number): boolean
  readonly tracked: number
  forgotten(): number
}

const GROWTH = 10

/** One event per subject and episode, not one per window. An episode ends after `silenceMs` without a sign. */
export const createEpisodes = (silenceMs: number, most = 50_000): Episodes => {
  const episodes = createRecentMap<string, Episode>(most)
  const open = (episode: Episode | undefined, timeMs: number): episode is Episode =>
    episode !== undefined && timeMs - episode.lastMs < silenceMs
  return {
    announce: (subject, timeMs, size = 1) => {
      const episode = episodes.get(subject)
      const running = open(episode, timeMs)
      const told = !running || size >= episode.announced * GROWTH
      const lastMs = running ? Math.max(timeMs, episode.lastMs) : timeMs
      episodes.set(subject, { announced: told ? size : episode!.announced, lastMs })
      return told
    },
    isOpen: (subject, timeMs) => open(episodes.get(subject), timeMs),
    get tracked() {
      return episodes.size
    },
    forgotten: () => episodes.forgotten(),
  }
}
