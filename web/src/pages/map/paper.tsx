import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { percent } from '../../lib/format.ts'
import { around, type Projection, projectionOf, type Spot, spotsOf, type View, viewOf } from './layout.ts'
import classes from './map.module.css'
import type { MapLink, MapNode, NetworkMap, Place, Shapes } from './types.ts'

const NAMED_AT_MOST = 60
const LOSS_FROM = 0.01
const STEP = 1.4

interface Props {
  readonly map: NetworkMap
  readonly shapes: Shapes | undefined
  readonly height: number
  /** Somebody put a node elsewhere; absent: nobody may. */
  readonly onMove?: (node: MapNode, place: Place) => void
  readonly onOpen: (node: MapNode) => void
  /** Hears in the middle of what is shown, as a place. */
  readonly onView?: (middle: Place) => void
}

const pathOf = (points: readonly (readonly [number, number])[], { spot }: Projection, close = false): string =>
  points
    .map(([lon, lat], index) => {
      const { x, y } = spot({ lat, lon })
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(5)} ${y.toFixed(5)}`
    })
    .join('') + (close ? 'Z' : '')

/** What may be seen without moving: everything, or what an outage is about. */
const fitting = (map: NetworkMap, spots: ReadonlyMap<string, Spot>, projection: Projection): View => {
  const near = map.focus ? around(map, map.focus) : undefined
  const shown = [...spots].filter(([key]) => !near || near.has(key)).map(([, spot]) => spot)
  const bounds = map.ground?.bounds
  const edges = bounds && !near && !map.tree ? [bounds] : []
  return viewOf([
    ...shown,
    ...edges.flatMap(({ south, west, north, east }) => [
      projection.spot({ lat: north, lon: west }),
      projection.spot({ lat: south, lon: east }),
    ]),
  ])
}

/** The paper on which the network is drawn: it is moved by dragging, and comes closer by the wheel or by its buttons. */
export const Paper = ({ map, shapes, height, onMove, onOpen, onView }: Props) => {
  const { t } = useTranslation()
  const { ref: frame, width } = useElementSize()
  const svg = useRef<SVGSVGElement>(null)
  const projection = useMemo(() => {
    const bounds = map.ground?.bounds
    const places = map.nodes.flatMap(({ place }) => place ?? [])
    const edges = bounds
      ? [
          { lat: bounds.south, lon: bounds.west },
          { lat: bounds.north, lon: bounds.east },
        ]
      : []
    return projectionOf([...edges, ...places])
  }, [map])
  const spots = useMemo(() => spotsOf(map, projection), [map, projection])
  const [own, setOwn] = useState<View>()
  const view = own ?? fitting(map, spots, projection)
  const [dragged, setDragged] = useState<{ readonly key: string; readonly spot: Spot }>()
  const grip = useRef<{ readonly x: number; readonly y: number; readonly node?: MapNode; moved: boolean }>(undefined)
  // How much of the paper one pixel is: what is drawn keeps its size on the screen.
  const unit = Math.max(view.w / Math.max(1, width), view.h / height)
  const shown: View = {
    x: view.x + view.w / 2 - (unit * Math.max(1, width)) / 2,
    y: view.y + view.h / 2 - (unit * height) / 2,
    w: unit * Math.max(1, width),
    h: unit * height,
  }
  useEffect(
    () => onView?.(projection.place({ x: view.x + view.w / 2, y: view.y + view.h / 2 })),
    [view, projection, onView],
  )

  const closer = (factor: number) =>
    setOwn({
      x: shown.x + (shown.w * (1 - 1 / factor)) / 2,
      y: shown.y + (shown.h * (1 - 1 / factor)) / 2,
      w: shown.w / factor,
      h: shown.h / factor,
    })
  const latest = useRef(closer)
  latest.current = closer
  useEffect(() => {
    const paper = svg.current
    const turn = (event: WheelEvent) => {
      // The page scrolls as it does elsewhere.
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      latest.current(event.deltaY < 0 ? STEP : 1 / STEP)
    }
    paper?.addEventListener('wheel', turn, { passive: false })
    return () => paper?.removeEventListener('wheel', turn)
  }, [])

  const down = (event: PointerEvent, node?: MapNode) => {
    event.stopPropagation()
    svg.current?.setPointerCapture(event.pointerId)
    grip.current = { x: event.clientX, y: event.clientY, ...(node && { node }), moved: false }
  }
  const isMovable = (node: MapNode | undefined): node is MapNode =>
    onMove !== undefined && node !== undefined && !node.fixed
  const move = (event: PointerEvent) => {
    const held = grip.current
    if (!held) return
    const [dx, dy] = [(event.clientX - held.x) * unit, (event.clientY - held.y) * unit]
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < 4 && !held.moved) return
    held.moved = true
    if (isMovable(held.node)) {
      const spot = spots.get(held.node.key)!
      return setDragged({ key: held.node.key, spot: { x: spot.x + dx, y: spot.y + dy } })
    }
    setOwn({ ...shown, x: shown.x - dx, y: shown.y - dy })
    grip.current = { ...held, x: event.clientX, y: event.clientY }
  }
  const up = () => {
    const held = grip.current
    grip.current = undefined
    if (!held) return
    if (!held.moved && held.node && !onMove) return onOpen(held.node)
    if (dragged && isMovable(held.node)) onMove?.(held.node, projection.place(dragged.spot))
    setDragged(undefined)
  }
  const spotOf = (key: string): Spot | undefined => (dragged?.key === key ? dragged.spot : spots.get(key))
  const trouble = map.nodes.filter(({ state }) => state === 'down' || state === 'degraded').length
  const bounds = map.tree ? null : map.ground?.bounds
  return (
    <div ref={frame} className={classes.frame}>
      <svg
        ref={svg}
        className={classes.paper}
        height={height}
        viewBox={`${shown.x} ${shown.y} ${shown.w} ${shown.h}`}
        role="img"
        aria-label={t('map.label', { count: map.nodes.length, trouble })}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      >
        {bounds && (
          <Picture bounds={bounds} href={`/api/v1/map/ground?v=${map.ground!.edition}`} projection={projection} />
        )}
        {!map.tree && shapes && <Drawn shapes={shapes} projection={projection} />}
        {map.links.map((link) => (
          <Line key={`${link.from} ${link.to}`} link={link} from={spotOf(link.from)} to={spotOf(link.to)} unit={unit} />
        ))}
        {map.nodes.map((node) => (
          <Mark
            key={node.key}
            node={node}
            spot={spotOf(node.key)}
            unit={unit}
            named={map.nodes.length <= NAMED_AT_MOST || node.state === 'down' || node.key === map.focus}
            focus={node.key === map.focus}
            movable={isMovable(node)}
            onDown={down}
          />
        ))}
      </svg>
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" onClick={() => closer(STEP)} aria-label={t('map.zoomIn')}>
          +
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => closer(1 / STEP)} aria-label={t('map.zoomOut')}>
          −
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setOwn(undefined)}>
          {t('map.all')}
        </Button>
      </div>
    </div>
  )
}

interface PictureProps {
  readonly bounds: NonNullable<NonNullable<NetworkMap['ground']>['bounds']>
  readonly href: string
  readonly projection: Projection
}

const Picture = ({ bounds: { south, west, north, east }, href, projection }: PictureProps) => {
  const from = projection.spot({ lat: north, lon: west })
  const to = projection.spot({ lat: south, lon: east })
  return (
    <image
      href={href}
      x={from.x}
      y={from.y}
      width={to.x - from.x}
      height={to.y - from.y}
      preserveAspectRatio="none"
      style={{ pointerEvents: 'none' }}
    />
  )
}

const Drawn = ({ shapes, projection }: { readonly shapes: Shapes; readonly projection: Projection }) => {
  const drawn = useMemo(
    () => ({
      areas: shapes.areas.map((rings) => rings.map((ring) => pathOf(ring, projection, true)).join('')).join(''),
      lines: shapes.lines.map((line) => pathOf(line, projection)).join(''),
    }),
    [shapes, projection],
  )
  return (
    <>
      <path className={classes.area} d={drawn.areas} fillRule="evenodd" />
      <path className={classes.line} d={drawn.lines} />
    </>
  )
}

interface LineProps {
  readonly link: MapLink
  readonly from: Spot | undefined
  readonly to: Spot | undefined
  readonly unit: number
}

/** A link, coloured by how what is reached over it does, and by what is lost. */
const Line = ({ link, from, to, unit }: LineProps) => {
  if (!from || !to) return null
  const loses = link.state === 'up' && link.loss !== null && link.loss >= LOSS_FROM
  const told = link.loss !== null && link.loss >= LOSS_FROM && (link.state === 'up' || link.state === 'degraded')
  return (
    <>
      <line
        className={`${classes.link} ${classes[loses ? 'degraded' : link.state]}`}
        x1={from.x}
        y1={from.y}
        x2={to.x}
        y2={to.y}
      />
      {told && (
        <text
          className={classes.loss}
          x={(from.x + to.x) / 2}
          y={(from.y + to.y) / 2}
          fontSize={11 * unit}
          textAnchor="middle"
        >
          {percent(link.loss)}
        </text>
      )}
    </>
  )
}

interface MarkProps {
  readonly node: MapNode
  readonly spot: Spot | undefined
  readonly unit: number
  readonly named: boolean
  readonly focus: boolean
  readonly movable: boolean
  readonly onDown: (event: PointerEvent, node: MapNode) => void
}

const Mark = ({ node, spot, unit, named, focus, movable, onDown }: MarkProps) => {
  const { t } = useTranslation()
  if (!spot) return null
  const { name, state, counts } = node
  const many = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const words = (['down', 'cut_off', 'degraded', 'unknown', 'up'] as const)
    .filter((one) => counts[one] > 0)
    .map((one) => `${counts[one]} ${t(`map.states.${one}`)}`)
  return (
    <g
      className={`${classes.node} ${classes[state]} ${focus ? classes.focus : ''} ${movable ? classes.movable : ''}`}
      onPointerDown={(event) => onDown(event, node)}
      style={{ cursor: movable ? 'move' : 'pointer' }}
    >
      <title>{many > 1 ? `${name}: ${words.join(', ')}` : `${name}: ${t(`map.states.${state}`)}`}</title>
      <circle cx={spot.x} cy={spot.y} r={(many > 1 ? 10 : 7) * unit} />
      {named && (
        <text x={spot.x + 13 * unit} y={spot.y + 4 * unit} fontSize={12 * unit}>
          {name.length > 40 ? `${name.slice(0, 39)}…` : name}
        </text>
      )}
    </g>
  )
}
