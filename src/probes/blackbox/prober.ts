import type { ProbeTools } from '#core/probe.ts'
import type { Recorder } from './recorder.ts'

export interface BlackboxContext {
  readonly tools: ProbeTools
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Name to ask for over HTTP and TLS instead of the target's own. */
  readonly hostname?: string
}

/** One look in the manner of blackbox_exporter: what it finds goes to the recorder, the verdict is the answer. */
export type BlackboxProber<Module> = (
  module: Module,
  target: string,
  context: BlackboxContext,
  recorder: Recorder,
) => Promise<boolean>
