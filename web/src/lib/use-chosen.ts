import { useCallback, useState } from 'react'

/** What is chosen in a list, by id; undefined while nobody chooses. */
export const useChosen = () => {
  const [chosen, setChosen] = useState<ReadonlySet<number>>()
  const choose = useCallback((ids: readonly number[]) => setChosen(new Set(ids)), [])
  const toggle = useCallback(
    (id: number) =>
      setChosen((before = new Set()) => {
        const next = new Set(before)
        if (!next.delete(id)) next.add(id)
        return next
      }),
    [],
  )
  const close = useCallback(() => setChosen(undefined), [])
  return { chosen, choose, toggle, close }
}
