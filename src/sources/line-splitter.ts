const LINE_FEED = 10

export type OnLine = (bytes: Buffer, start: number, end: number) => void

export interface LineSplitter {
  push(chunk: Buffer): void
  /** The input has ended: what is left without a line feed is a line too. */
  end(): void
}

/**
 * Cuts chunks into lines without copying them; only a line that runs over a chunk's end is put together. A line above
 * `longest` bytes is dropped and told to `onTooLong`, so that memory stays bounded whatever the file holds.
 */
export const createLineSplitter = (onLine: OnLine, onTooLong: () => void, longest = 1 << 20): LineSplitter => {
  let rest: Buffer[] = []
  let restLength = 0
  let skipping = false

  const drop = () => {
    rest = []
    restLength = 0
  }

  const finish = (bytes: Buffer, start: number, end: number) => {
    if (skipping) {
      skipping = false
      return
    }
    if (restLength + end - start > longest) {
      drop()
      onTooLong()
      return
    }
    if (restLength === 0) return onLine(bytes, start, end)
    const whole = Buffer.concat([...rest, bytes.subarray(start, end)])
    drop()
    onLine(whole, 0, whole.length)
  }

  return {
    push: (chunk) => {
      let start = 0
      for (;;) {
        const at = chunk.indexOf(LINE_FEED, start)
        if (at < 0) break
        finish(chunk, start, at)
        start = at + 1
      }
      if (start === chunk.length || skipping) return
      restLength += chunk.length - start
      if (restLength > longest) {
        drop()
        skipping = true
        onTooLong()
      } else rest.push(Buffer.from(chunk.subarray(start)))
    },
    end: () => {
      if (restLength > 0) finish(Buffer.alloc(0), 0, 0)
    },
  }
}
