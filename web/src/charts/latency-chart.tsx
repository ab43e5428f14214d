import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import type { Point } from '../api/types.ts'
import { absolute, milliseconds, percent, timeZone } from '../lib/format.ts'
import { useSignal } from '../lib/signal.ts'
import { useWidth } from '../lib/use-width.ts'
import { axisStyle, css, inZone, restOnLast, timeAxis } from './axes.ts'

const HEIGHT = 280
/** Where the 95th percentile stands among the series. */
const P95 = 3

interface Props {
  readonly points: readonly Point[]
  readonly stepMs: number
  /** Ms. */
  readonly from: number
  readonly to: number
  /** Somebody dragged over a stretch. */
  readonly onZoom: (from: number, to: number) => void
  readonly onReset: () => void
}

type Column = (number | null)[]

/** What was lost of what is known; null where nothing is. */
const lossOf = ({ loss, failed, unknown, total }: Point): number | null =>
  loss ?? (total > unknown ? failed / (total - unknown) : null)

/**
 * Columns for the chart, with a hole wherever a step is missing: a line over silence would be a lie. Nothing lost is no
 * bar, and still a figure under the pointer.
 */
const columnsOf = (points: readonly Point[], stepMs: number) => {
  const times: number[] = []
  const losses: Column = []
  const columns: readonly Column[] = [[], [], [], [], []]
  const push = (at: number, row: Column, loss: number | null) => {
    times.push(at / 1000)
    losses.push(loss)
    for (const [index, column] of columns.entries()) column.push(row[index] ?? null)
  }
  let last: number | undefined
  for (const point of points) {
    const { at, min, p50, p95, max } = point
    if (last !== undefined && at - last > stepMs * 1.5) push(last + stepMs, [], null)
    last = at
    const lost = lossOf(point)
    push(at, [max, min, p95, p50, lost === 0 ? null : lost], lost)
  }
  return { data: [times, ...columns] satisfies uPlot.AlignedData, losses }
}

/** Median and 95th percentile over the band from the fastest to the slowest, and loss as bars from below. */
const LatencyChart = ({ points, stepMs, from, to, onZoom, onReset }: Props) => {
  const { t, i18n } = useTranslation()
  const scheme = useComputedColorScheme()
  const zone = useSignal(timeZone)
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const zoom = useRef({ onZoom, onReset })
  zoom.current = { onZoom, onReset }

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours, words and zone are drawn into the canvas
  useEffect(() => {
    if (!box.current || width === 0) return
    const [line, soft, down] = ['--series', '--series-soft', '--state-down'].map(css) as [string, string, string]
    const axis = axisStyle()
    const { data, losses } = columnsOf(points, stepMs)
    const reset = () => {
      zoom.current.onReset()
      return null
    }
    const time = (_: uPlot, value: number | null) => milliseconds(value)
    const hidden = { stroke: 'transparent', width: 0, points: { show: false } }
    const options: uPlot.Options = {
      width,
      height: HEIGHT,
      tzDate: inZone(zone),
      scales: {
        x: { time: true, min: from / 1000, max: to / 1000 },
        ms: { range: (_, __, max) => [0, Math.max(0.1, (max || 1) * 1.1)] },
        loss: { range: () => [0, 1] },
      },
      axes: [
        timeAxis(),
        { ...axis, scale: 'ms', size: 64, values: (_, ticks) => ticks.map((value) => milliseconds(value)) },
        {
          ...axis,
          scale: 'loss',
          side: 1,
          size: 52,
          grid: { show: false },
          values: (_, ticks) => ticks.map((value) => percent(value)),
        },
      ],
      series: [
        { label: t('words.when'), value: (_, seconds) => (seconds === null ? '' : absolute(seconds * 1000)) },
        { ...hidden, label: t('monitors.slowest'), scale: 'ms', value: time },
        { ...hidden, label: t('monitors.fastest'), scale: 'ms', value: time },
        {
          label: t('monitors.p95'),
          scale: 'ms',
          stroke: line,
          width: 1,
          dash: [4, 3],
          points: { show: false },
          value: (_, value) => milliseconds(value),
        },
        {
          label: t('monitors.median'),
          scale: 'ms',
          stroke: line,
          width: 2,
          points: { show: points.length < 3, size: 5 },
          value: (_, value) => milliseconds(value),
        },
        {
          label: t('monitors.loss'),
          scale: 'loss',
          stroke: down,
          fill: down,
          width: 1,
          paths: uPlot.paths.bars!({ size: [0.9, 12] }),
          points: { show: false },
          value: (_, __, ___, at) => (at === null || at === undefined ? '' : percent(losses[at])),
        },
      ],
      bands: [{ series: [1, 2], fill: soft }],
      legend: { live: true, markers: { width: 2, dash: (_, series) => (series === P95 ? 'dotted' : 'solid') } },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => reset },
      },
      hooks: {
        setSelect: [
          (plot) => {
            if (plot.select.width < 8) return
            const [start, end] = [
              plot.posToVal(plot.select.left, 'x'),
              plot.posToVal(plot.select.left + plot.select.width, 'x'),
            ]
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            zoom.current.onZoom(Math.round(start * 1000), Math.round(end * 1000))
          },
        ],
      },
    }
    const plot = new uPlot(options, data, box.current)
    restOnLast(plot)
    return () => plot.destroy()
  }, [width, scheme, zone, i18n.language, points, from, to, stepMs])

  return <div ref={box} style={{ minHeight: HEIGHT + 32 }} role="img" aria-label={t('monitors.latencyAndLoss')} />
}
export default LatencyChart
