import type { MetricsEntry } from './observing-schema.ts'

/** What `/metrics` and `/probe` show, and to whom. */
export interface MetricsSettings {
  readonly public: boolean
  readonly publicProbe: boolean
  readonly monitorHistograms: boolean
  readonly labels: readonly string[]
  /** The older names: `everywhere`, only at the older exporter's own port, or `nowhere`. */
  readonly legacy: 'everywhere' | 'exporter' | 'nowhere'
  /** A `blackbox.yml`. */
  readonly modules?: string
}

export const buildMetrics = (entry: MetricsEntry = {}): MetricsSettings => ({
  public: entry.public ?? false,
  publicProbe: entry.public_probe ?? false,
  monitorHistograms: entry.monitor_histograms ?? false,
  labels: entry.labels ?? [],
  legacy: entry.legacy === undefined ? 'exporter' : entry.legacy ? 'everywhere' : 'nowhere',
  ...(entry.modules !== undefined && { modules: entry.modules }),
})
