/** Where something is, degrees. */
export interface Place {
  readonly lat: number
  readonly lon: number
}

/** Where a monitor, or all with one value of the label of sites, stands. */
export interface NamedPlace extends Place {
  readonly name: string
}

/** A text such as `-31.42`, `-31,42` or `31.42 S` as degrees; undefined for what is none, or beyond `limit`. */
export const degreesOf = (written: string | number, limit: 90 | 180): number | undefined => {
  const [, sign = '', number = '', side = ''] =
    /^\s*([+-]?)(\d{1,3}(?:[.,]\d{1,17})?)\s*°?\s*([nsewoNSEWO]?)\s*$/.exec(String(written)) ?? []
  if (number === '') return undefined
  const amount = Number(number.replace(',', '.')) * (sign === '-' ? -1 : 1)
  const degrees = /[swo]/i.test(side) ? -Math.abs(amount) : amount
  return Math.abs(degrees) <= limit ? degrees : undefined
}

/** True for numbers that are a place on earth. */
export const isPlace = ({ lat, lon }: Place): boolean => Math.abs(lat) <= 90 && Math.abs(lon) <= 180
