/** What the API says of the map; see `src/api/v1/map.ts`. */
type Shown = 'down' | 'degraded' | 'cut_off' | 'unknown' | 'up'

export interface Place {
  readonly lat: number
  readonly lon: number
}

export interface MapNode {
  readonly key: string
  readonly name: string
  readonly monitor: number | null
  readonly place: Place | null
  readonly fixed: boolean
  readonly state: Shown
  readonly counts: Readonly<Record<Shown, number>>
}

export interface MapLink {
  readonly from: string
  readonly to: string
  readonly state: Shown
  readonly loss: number | null
}

export interface Bounds {
  readonly south: number
  readonly west: number
  readonly north: number
  readonly east: number
}

interface Ground {
  readonly kind: 'picture' | 'shapes'
  readonly bounds: Bounds | null
  readonly edition: number
}

export interface NetworkMap {
  readonly label: string
  readonly ground: Ground | null
  readonly nodes: readonly MapNode[]
  readonly links: readonly MapLink[]
  readonly tree: boolean
  /** The node that was asked for; null where it is on none. */
  readonly focus?: string | null
}

type Point = readonly [lon: number, lat: number]

export interface Shapes {
  readonly lines: readonly (readonly Point[])[]
  readonly areas: readonly (readonly (readonly Point[])[])[]
}
