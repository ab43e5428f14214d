import type { PortSamples } from '#core/port-sample.ts'
import type { Format } from './exposition.ts'
import { type OlderPorts, olderPortFamilies, portFamilies } from './ports.ts'

/**
 * The port families as text, written once per sample and format however often they are asked for. `older` names the
 * ports that the older names stand for, before the labelled families; absent: none.
 */
export const createPortText = (
  latest: () => PortSamples | undefined,
  older?: () => OlderPorts,
): ((format: Format) => string) => {
  const kept = new Map<Format, { readonly samples: PortSamples | undefined; readonly text: string }>()
  return (format) => {
    const samples = latest()
    const known = kept.get(format)
    if (known && known.samples === samples) return known.text
    const text = (older ? olderPortFamilies(samples, older(), format) : '') + portFamilies(samples, format)
    kept.set(format, { samples, text })
    return text
  }
}
