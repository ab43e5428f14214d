import v8 from 'node:v8'
import vm from 'node:vm'

/**
 * Gives back to the system what a start with much to read has left behind. Node keeps it otherwise, for hours if little
 * happens. Takes the time of one full collection.
 */
export const releaseMemory = (): void => {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as (options: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
