import v8 from 'node:v8'
import vm from 'node:vm'
import { loadKoffi } from './load-koffi.ts'

/** Gives back what the C library keeps for allocations to come. Only that of GNU keeps much, and only it has the call. */
const trimAllocator = (): void => {
  try {
    loadKoffi()
      .load(null as never)
      .func('int malloc_trim(size_t)')(0)
  } catch {
    // Another C library.
  }
}

/**
 * Gives back to the system what a start with much to read has left behind. Node keeps it otherwise, for hours if little
 * happens. Takes the time of one full collection.
 */
export const releaseMemory = (): void => {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as (options: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  trimAllocator()
}
