import type { PortSamples } from '#core/port/port-sample.ts'
import { createBreath } from '#lib/run/breath.ts'
import type { Format } from './exposition.ts'
import { type OlderPorts, olderPortFamilies, portFamilies } from './ports.ts'

/** The event loop waits for a text no longer than this at a time. */
const STRETCH_MS = 5

const joined = async (pieces: Iterable<string>): Promise<string> => {
  const breathe = createBreath(STRETCH_MS)
  let text = ''
  for (const piece of pieces) {
    text += piece
    await breathe()
  }
  return text
}

function* families(samples: PortSamples | undefined, older: OlderPorts | undefined, format: Format): Generator<string> {
  if (older) yield* olderPortFamilies(samples, older, format)
  yield* portFamilies(samples, format)
}

/**
 * The port families as text, written once per sample and format however often they are asked for. `older` names the
 * ports that the older names stand for, before the labelled families; absent: none.
 */
export const createPortText = (
  latest: () => PortSamples | undefined,
  older?: () => OlderPorts,
): ((format: Format) => Promise<string>) => {
  const kept = new Map<Format, { readonly samples: PortSamples | undefined; readonly text: Promise<string> }>()
  return (format) => {
    const samples = latest()
    const known = kept.get(format)
    if (known && known.samples === samples) return known.text
    const text = joined(families(samples, older?.(), format))
    kept.set(format, { samples, text })
    return text
  }
}
