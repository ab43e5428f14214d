/** Lets in so many at once; those that were silent last time get half of the places at most. */
export interface Admission {
  /** True: it is in. */
  tryEnter(doubtful: boolean): boolean
  /** Resolves once it is in. */
  enter(doubtful: boolean): Promise<void>
  leave(doubtful: boolean): void
  waiting(): number
}

export const createAdmission = (places: number): Admission => {
  const forDoubtful = Math.max(1, Math.floor(places / 2))
  let inside = 0
  let doubtfulInside = 0
  const sure: (() => void)[] = []
  const unsure: (() => void)[] = []

  const tryEnter = (doubtful: boolean): boolean => {
    if (inside >= places || (doubtful && doubtfulInside >= forDoubtful)) return false
    inside++
    if (doubtful) doubtfulInside++
    return true
  }
  const letIn = () => {
    while (sure.length > 0 && tryEnter(false)) sure.shift()!()
    while (unsure.length > 0 && tryEnter(true)) unsure.shift()!()
  }
  return {
    tryEnter,
    enter: (doubtful) =>
      tryEnter(doubtful) ? Promise.resolve() : new Promise((resolve) => (doubtful ? unsure : sure).push(resolve)),
    leave: (doubtful) => {
      inside--
      if (doubtful) doubtfulInside--
      letIn()
    },
    waiting: () => sure.length + unsure.length,
  }
}
