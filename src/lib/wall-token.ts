import { createHmac, timingSafeEqual } from 'node:crypto'

/** The unguessable part of a wall's link: 128 bits; another `edition` is another link, and the earlier ones end. */
export const wallToken = (key: string, edition: number): string =>
  createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`wall:${edition}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** Whether a text is the token of this edition; compares in a time that says nothing of it. */
export const isWallToken = (key: string | undefined, edition: number, text: string): boolean => {
  if (key === undefined) return false
  const [expected, given] = [Buffer.from(wallToken(key, edition)), Buffer.from(text)]
  return expected.length === given.length && timingSafeEqual(expected, given)
}
