import { createHmac, timingSafeEqual } from 'node:crypto'

/** The unguessable part of a calendar's link: 128 bits; another `edition` is another link, and the earlier ones end. */
export const calendarToken = (key: string, edition: number): string =>
  createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`calendar:${edition}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** Whether a text is the token of this edition; compares in a time that says nothing of it. */
export const isCalendarToken = (key: string | undefined, edition: number, text: string): boolean => {
  if (key === undefined) return false
  const [expected, given] = [Buffer.from(calendarToken(key, edition)), Buffer.from(text)]
  return expected.length === given.length && timingSafeEqual(expected, given)
}
