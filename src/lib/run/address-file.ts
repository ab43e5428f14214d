import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = 'vigia.address'

/** Where a server that runs on a data folder answers on this machine: commands beside it ask it there. Returns the end of it. */
export const leaveAddress = (folder: string, url: string): (() => void) => {
  const path = join(folder, FILE)
  try {
    writeFileSync(path, `${url}\n`, { mode: 0o600 })
  } catch {
    // A disk that takes nothing keeps a command from asking, and the server from nothing.
    return () => {}
  }
  return () => rmSync(path, { force: true })
}

/** A name for all addresses is reached at this machine's own. */
const fromHere = (text: string): string => {
  const url = new URL(text)
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  return url.origin
}

/** The address that a server left; undefined where none did. */
export const leftAddress = (folder: string): string | undefined => {
  try {
    return fromHere(readFileSync(join(folder, FILE), 'utf8').trim())
  } catch {
    return undefined
  }
}
