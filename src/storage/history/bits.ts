import { because } from '#core/cause/cause.ts'
import { StorageError } from '../storage-error.ts'

/** Bits that are written at once at most, so that they and a rest of seven fit into 32. */
const AT_ONCE = 24

/** Grows as it is written to; the first bit is the lowest of the first byte. */
export class BitWriter {
  #bytes = new Uint8Array(256)
  #length = 0
  #rest = 0
  #restBits = 0

  /** The lowest `bits` bits of a whole number below 2^53. */
  write(value: number, bits: number): void {
    let [left, count] = [value, bits]
    for (; count > AT_ONCE; count -= AT_ONCE) {
      this.#put(left % 2 ** AT_ONCE, AT_ONCE)
      left = Math.floor(left / 2 ** AT_ONCE)
    }
    this.#put(left, count)
  }

  bytes(): Uint8Array {
    const end = this.#length + (this.#restBits > 0 ? 1 : 0)
    if (this.#restBits > 0) this.#bytes[this.#length] = this.#rest
    return this.#bytes.subarray(0, end)
  }

  #put(value: number, bits: number): void {
    if (this.#length + 4 >= this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2)
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#rest |= value << this.#restBits
    this.#restBits += bits
    for (; this.#restBits >= 8; this.#restBits -= 8) {
      this.#bytes[this.#length++] = this.#rest & 255
      this.#rest >>>= 8
    }
  }
}

/** Reads what BitWriter wrote. Throws StorageError at the end of the bytes. */
export class BitReader {
  readonly #bytes: Uint8Array
  #position = 0
  #rest = 0
  #restBits = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** A whole number of so many bits. */
  read(bits: number): number {
    let value = 0
    let factor = 1
    let left = bits
    for (; left > AT_ONCE; left -= AT_ONCE) {
      value += this.#take(AT_ONCE) * factor
      factor *= 2 ** AT_ONCE
    }
    return value + this.#take(left) * factor
  }

  /** How many ones come before a nought, at most `most` of them; without a nought where it is that many. */
  ones(most: number): number {
    let count = 0
    while (count < most && this.#take(1) === 1) count++
    return count
  }

  #take(bits: number): number {
    for (; this.#restBits < bits; this.#restBits += 8) {
      if (this.#position === this.#bytes.length) throw new StorageError('corrupted', because('history_block_damaged'))
      this.#rest |= this.#bytes[this.#position++]! << this.#restBits
    }
    const value = this.#rest & (2 ** bits - 1)
    this.#rest >>>= bits
    this.#restBits -= bits
    return value
  }
}
