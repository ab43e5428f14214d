import { decodePercent } from '#lib/text/percent.ts'

/** The login of a URL as Basic authentication; undefined where it has none. */
export const loginOf = ({ username, password }: URL): string | undefined =>
  username === '' && password === ''
    ? undefined
    : `Basic ${Buffer.from(`${decodePercent(username)}:${decodePercent(password)}`).toString('base64')}`
