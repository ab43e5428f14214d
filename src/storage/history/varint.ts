import { because } from '#core/cause/cause.ts'
import { StorageError } from '../storage-error.ts'

/** Grows as it is written to; numbers as LEB128 varints, signed ones zigzag. Values stay below 2^53. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  unsigned(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2)
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2)
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** Reads what ByteWriter wrote. Throws StorageError at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  unsigned(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#position++]
      if (byte === undefined || factor > 2 ** 49) throw new StorageError('corrupted', because('history_block_damaged'))
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }

  signed(): number {
    const value = this.unsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
