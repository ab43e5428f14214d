/**
 * Cuts a stream of bytes into HTTP messages whose bodies have a Content-Length, which is all that the two ends of these
 * benchmarks send. A full HTTP library on the measuring side would cost more than the server that is measured.
 */
export const createFrames = (onMessage: (head: string, body: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) break
      const head = data.toString('latin1', 0, end)
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      const next = end + 4 + length
      if (data.length < next) break
      onMessage(head, data.subarray(end + 4, next))
      data = data.subarray(next)
    }
    rest = data
  }
}
