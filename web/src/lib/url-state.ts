import { useCallback, useEffect, useRef, useState } from 'react'
import { useSearch } from 'wouter'

const WRITE_AFTER_MS = 250

const read = (name: string): string => new URLSearchParams(location.search).get(name) ?? ''

/** The address as it was written here last: any other is that of a link, or of the back button. */
let written: string | undefined

const write = (name: string, value: string): void => {
  const parameters = new URLSearchParams(location.search)
  if (value === '') parameters.delete(name)
  else parameters.set(name, value)
  const text = parameters.toString()
  history.replaceState(history.state, '', `${location.pathname}${text && `?${text}`}${location.hash}`)
  written = location.search
}

/**
 * A text that lives in the address, so that a page can be bookmarked and sent to somebody. It changes at once; the
 * address follows a little later, because browsers limit how often it may.
 */
export const useUrlState = (name: string, standard = ''): readonly [string, (value: string) => void] => {
  const search = useSearch()
  const [value, setValue] = useState(() => read(name))
  const timer = useRef<number>(undefined)
  const known = useRef(value)

  // A link or the back button changed the address: what was to be written belongs to the one before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `search` is what tells of the change
  useEffect(() => {
    const now = read(name)
    const isElsewhere = location.search !== written
    if (isElsewhere) clearTimeout(timer.current)
    if (now === known.current && !isElsewhere) return
    known.current = now
    setValue(now)
  }, [search, name])

  useEffect(() => () => clearTimeout(timer.current), [])

  const set = useCallback(
    (next: string) => {
      const kept = next === standard ? '' : next
      setValue(kept)
      clearTimeout(timer.current)
      timer.current = window.setTimeout(() => {
        known.current = kept
        write(name, kept)
      }, WRITE_AFTER_MS)
    },
    [name, standard],
  )
  return [value === '' ? standard : value, set]
}

/** What a link asks the page to begin at once, as `?do=pause`: a dialog, never the act itself. */
export const useDoing = (): string => {
  const [doing] = useState(() => read('do'))
  useEffect(() => write('do', ''), [])
  return doing
}
