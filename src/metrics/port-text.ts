import type { PortSamples } from '#core/port-sample.ts'
import type { Format } from './exposition.ts'
import { olderPortFamilies, portFamilies } from './ports.ts'

export interface PortTextOptions {
  /** Order of the ports under the older names; `listening` takes them as they come. */
  readonly order: readonly number[] | 'listening'
  /** Whether the older names stand beside the labelled families. */
  readonly older: boolean
}

/** The port families as text, written once per sample and format however often they are asked for. */
export const createPortText = (
  latest: () => PortSamples | undefined,
  { order, older }: PortTextOptions,
): ((format: Format) => string) => {
  const kept = new Map<Format, { readonly samples: PortSamples | undefined; readonly text: string }>()
  return (format) => {
    const samples = latest()
    const known = kept.get(format)
    if (known && known.samples === samples) return known.text
    const ports = order === 'listening' ? (samples?.ports.map(({ port }) => port) ?? []) : order
    const text = (older ? olderPortFamilies(samples, ports, format) : '') + portFamilies(samples, format)
    kept.set(format, { samples, text })
    return text
  }
}
