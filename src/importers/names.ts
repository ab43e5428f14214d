import { because, type Cause } from '#core/cause/cause.ts'
import { oneLine } from '#lib/text/one-line.ts'

/** A name that is free, and what it was called where that was taken. */
interface TakenName {
  readonly name: string
  readonly notes: readonly Cause[]
}

const LONGEST = 200

/** A name as it may stand here: one line, not too long. */
const plainName = (text: string): string => oneLine(text).slice(0, LONGEST).trim()

/**
 * Gives each thing of a source a name that no other of it has: its own, else with what tells it apart, else with a number.
 * The same source gives the same names each time.
 */
export const createNames = (taken: Iterable<string> = []): ((wanted: string, apart?: string) => TakenName) => {
  const names = new Set(taken)
  return (wanted, apart = '') => {
    const name = plainName(wanted) || plainName(apart) || '-'
    const fits = (one: string, end: string) => `${one.slice(0, LONGEST - end.length)}${end}`
    const ends = ['', ...(apart === '' ? [] : [` (${plainName(apart)})`])]
    let free = ends.map((end) => fits(name, end)).find((one) => !names.has(one))
    for (let number = 2; free === undefined; number++) {
      const one = fits(name, ` (${number})`)
      if (!names.has(one)) free = one
    }
    names.add(free)
    return { name: free, notes: free === name ? [] : [because('import_name_twice', { was: name })] }
  }
}
