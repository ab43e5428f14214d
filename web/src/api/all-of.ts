import { api, query } from './client.ts'
import type { Page } from './types.ts'

const PAGE = 1000
/** More no spreadsheet is asked to open. */
const MOST = 100_000

/** Everything that a list of the API holds, page by page. */
export const allOf = async <T>(path: string, parameters: Parameters<typeof query>[0] = {}): Promise<readonly T[]> => {
  const items: T[] = []
  let cursor: number | string | null = null
  do {
    const page: Page<T> = await api.get(`${path}${query({ ...parameters, limit: PAGE, cursor })}`)
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null && items.length < MOST)
  return items
}
