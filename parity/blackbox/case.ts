/** One look: a module of the file, at a target, with further words of the request. */
export interface ProbeCase {
  readonly module: string
  readonly target: string
  readonly hostname?: string
}

interface Group {
  /** As a `blackbox.yml` has them. */
  readonly modules: Readonly<Record<string, object>>
  /** The same for us, where something has to be said to do as the original. */
  readonly ours?: Readonly<Record<string, object>>
  readonly cases: readonly ProbeCase[]
  /** Modules of which this one figure is nobody's business where the probe fails. */
  readonly passedOver?: { readonly modules: RegExp; readonly metric: string }
}

/** Opens servers of its own; closed by what it registers with `defer`. */
export type MakeGroup = (defer: (close: () => void) => void) => Promise<Group>

/** Each module at each target. */
export const everyPair = (
  modules: Readonly<Record<string, object>>,
  targets: readonly string[],
): readonly ProbeCase[] => Object.keys(modules).flatMap((module) => targets.map((target) => ({ module, target })))
