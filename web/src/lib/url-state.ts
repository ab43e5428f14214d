import { useCallback, useEffect, useRef, useState } from 'react'
import { useSearch } from 'wouter'

const WRITE_AFTER_MS = 250

const read = (name: string): string => new URLSearchParams(location.search).get(name) ?? ''

const write = (name: string, value: string): void => {
  const parameters = new URLSearchParams(location.search)
  if (value === '') parameters.delete(name)
  else parameters.set(name, value)
  const text = parameters.toString()
  history.replaceState(history.state, '', `${location.pathname}${text && `?${text}`}${location.hash}`)
}

/**
 * A text that lives in the address, so that a page can be bookmarked and sent to somebody. It changes at once; the
 * address follows a little later, because browsers limit how often it may.
 */
export const useUrlState = (name: string, standard = ''): readonly [string, (value: string) => void] => {
  const search = useSearch()
  const [value, setValue] = useState(() => read(name))
  const timer = useRef<number>(undefined)
  const written = useRef(value)

  // A link or the back button changed the address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `search` is what tells of the change
  useEffect(() => {
    const now = read(name)
    if (now === written.current) return
    written.current = now
    setValue(now)
  }, [search, name])

  useEffect(() => () => clearTimeout(timer.current), [])

  const set = useCallback(
    (next: string) => {
      const kept = next === standard ? '' : next
      setValue(kept)
      clearTimeout(timer.current)
      timer.current = window.setTimeout(() => {
        written.current = kept
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
