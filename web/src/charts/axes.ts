import uPlot from 'uplot'
import { dayOf, dayTime } from '../lib/format.ts'

const DAY_S = 86_400

/** The value of a colour of the style sheet: a canvas knows no variables. */
export const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** What all axes look like in the present colours. */
export const axisStyle = (): uPlot.Axis => {
  const grid = css('--line')
  return {
    stroke: css('--quiet'),
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: '12px system-ui',
  }
}

/** Times in the chosen zone; days where the marks are days apart. */
export const timeAxis = (): uPlot.Axis => ({
  ...axisStyle(),
  values: (_, ticks, __, ___, step) => ticks.map((seconds) => (step < DAY_S ? dayTime : dayOf)(seconds * 1000)),
  space: 120,
})

export const inZone =
  (zone: string) =>
  (seconds: number): Date =>
    uPlot.tzDate(new Date(seconds * 1000), zone)

/**
 * Shows the figures of the last point as long as the pointer is elsewhere: a legend of names without figures says
 * nothing, and the last figures are what one came for.
 */
export const restOnLast = (plot: uPlot): void => {
  // The chart empties its legend itself, in the moment after the pointer left and after its first drawing.
  const rest = () => setTimeout(() => plot.root.isConnected && plot.setLegend({ idx: plot.data[0].length - 1 }))
  plot.over.addEventListener('mouseleave', rest)
  rest()
}
