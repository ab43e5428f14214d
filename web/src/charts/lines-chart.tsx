import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { absolute, number, timeZone } from '../lib/format.ts'
import { useSignal } from '../lib/signal.ts'
import { useWidth } from '../lib/use-width.ts'
import { axisStyle, css, inZone, restOnLast, timeAxis } from './axes.ts'

const HEIGHT = 260

export interface ChartLine {
  readonly label: string
  /** Name of a colour of the style sheet: `--series`. */
  readonly color: string
  /** One for each time; null where nothing was counted. */
  readonly values: readonly (number | null)[]
}

interface Props {
  readonly label: string
  /** Ms. */
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly from: number
  readonly to: number
}

/** Counts over time, a line each. */
const LinesChart = ({ label, times, lines, from, to }: Props) => {
  const { t, i18n } = useTranslation()
  const scheme = useComputedColorScheme()
  const zone = useSignal(timeZone)
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours, words and zone are drawn into the canvas
  useEffect(() => {
    if (!box.current || width === 0) return
    const options: uPlot.Options = {
      width,
      height: HEIGHT,
      tzDate: inZone(zone),
      scales: {
        x: { time: true, min: from / 1000, max: to / 1000 },
        y: { range: (_, __, max) => [0, Math.max(4, (max || 0) * 1.1)] },
      },
      axes: [
        timeAxis(),
        {
          ...axisStyle(),
          size: 58,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000],
          values: (_, ticks) => ticks.map((value) => number(value)),
        },
      ],
      series: [
        { label: t('words.when'), value: (_, seconds) => (seconds === null ? '' : absolute(seconds * 1000)) },
        ...lines.map(({ label: name, color }) => ({
          label: name,
          stroke: css(color),
          width: 2,
          points: { show: times.length < 3, size: 5 },
          value: (_: uPlot, value: number | null) => (value === null ? '' : number(value)),
        })),
      ],
      legend: { live: true, markers: { width: 2 } },
      cursor: { drag: { x: false, y: false } },
    }
    const data = [times.map((at) => at / 1000), ...lines.map(({ values }) => values)] as uPlot.AlignedData
    const plot = new uPlot(options, data, box.current)
    restOnLast(plot)
    return () => plot.destroy()
  }, [width, scheme, zone, i18n.language, times, lines, from, to])

  return <div ref={box} style={{ minHeight: HEIGHT + 32 }} role="img" aria-label={label} />
}
export default LinesChart
