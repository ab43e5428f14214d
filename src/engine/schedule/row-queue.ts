/** Rows in the order in which they are to be served; a ring that grows. */
export const createRowQueue = () => {
  let rows = new Int32Array(1024)
  let head = 0
  let length = 0

  const grow = () => {
    const larger = new Int32Array(rows.length * 2)
    for (let index = 0; index < length; index++) larger[index] = rows[(head + index) & (rows.length - 1)]!
    rows = larger
    head = 0
  }

  return {
    isEmpty: (): boolean => length === 0,
    first: (): number => rows[head]!,
    push: (row: number): void => {
      if (length === rows.length) grow()
      rows[(head + length++) & (rows.length - 1)] = row
    },
    unshift: (row: number): void => {
      if (length === rows.length) grow()
      head = (head - 1) & (rows.length - 1)
      rows[head] = row
      length++
    },
    shift: (): number => {
      const row = rows[head]!
      head = (head + 1) & (rows.length - 1)
      length--
      return row
    },
  }
}
