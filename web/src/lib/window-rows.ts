import { type RefObject, useEffect, useState } from 'react'

export interface Range {
  readonly first: number
  /** One after the last. */
  readonly end: number
}

const OVERSCAN = 8

/** Which rows of a long list of equal heights are near the window; only those need to exist. */
export const useWindowRows = (container: RefObject<HTMLElement | null>, count: number, height: number): Range => {
  const [range, setRange] = useState<Range>({ first: 0, end: Math.min(count, 40) })
  useEffect(() => {
    let frame = 0
    const measure = () => {
      frame = 0
      const top = container.current?.getBoundingClientRect().top ?? 0
      const first = Math.max(0, Math.min(count, Math.floor(-top / height) - OVERSCAN))
      const end = Math.min(count, Math.max(first, Math.ceil((innerHeight - top) / height) + OVERSCAN))
      setRange((before) => (before.first === first && before.end === end ? before : { first, end }))
    }
    const later = () => {
      frame ||= requestAnimationFrame(measure)
    }
    measure()
    // What stands above the list may grow or shrink without a scroll.
    const resized = new ResizeObserver(later)
    resized.observe(document.body)
    addEventListener('scroll', later, { passive: true })
    addEventListener('resize', later, { passive: true })
    return () => {
      cancelAnimationFrame(frame)
      resized.disconnect()
      removeEventListener('scroll', later)
      removeEventListener('resize', later)
    }
  }, [container, count, height])
  return range
}
