import type { Outcome } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import type { Repositories } from '#storage/index.ts'
import { changed, type Operate } from './operation.ts'

/** The link by which a wall looks, as it is kept. */
export interface WallLink {
  /** Which link is in force; each new one is another. */
  readonly edition: number
  /** False: there is none. */
  readonly open: boolean
  /** The label by which the wall is arranged. */
  readonly label: string
}

export interface WallOperations {
  /** Makes a link; an earlier one ends. */
  open(by: By, label: string): Promise<Outcome<undefined>>
  /** Ends it: whoever has it sees nothing any more. */
  close(by: By): Promise<Outcome<undefined>>
}

const WALL_LINK = 'wall_link'
const NONE: WallLink = { edition: 0, open: false, label: 'site' }

/** How the link stands. */
export const wallLink = async ({ settings }: Pick<Repositories, 'settings'>): Promise<WallLink> =>
  ((await settings.get(WALL_LINK)) as WallLink | undefined) ?? NONE

export const createWallOperations = (operate: Operate): WallOperations => ({
  open: (by, label) =>
    operate(by, async (repositories) => {
      const { edition } = await wallLink(repositories)
      await repositories.settings.set(WALL_LINK, { edition: edition + 1, open: true, label })
      return changed(undefined, { action: 'create', object: 'wall link', objectId: null })
    }),
  close: (by) =>
    operate(by, async (repositories) => {
      const link = await wallLink(repositories)
      if (!link.open) return changed(undefined)
      await repositories.settings.set(WALL_LINK, { ...link, open: false })
      return changed(undefined, { action: 'delete', object: 'wall link', objectId: null })
    }),
})
