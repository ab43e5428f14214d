import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface FoundLogs {
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  /** Paths that could not be looked at, with the reason. */
  readonly missing: readonly { readonly path: string; readonly reason: string }[]
}

const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' ? 'no such file or folder' : code === 'EACCES' ? 'no permission' : String(code ?? error)
}

/** Every plain file at or below the given paths, each once, in the order of their names. */
export const findLogs = async (paths: readonly string[]): Promise<FoundLogs> => {
  const files = new Map<string, number>()
  const missing: { path: string; reason: string }[] = []
  const visit = async (path: string): Promise<void> => {
    try {
      const found = await stat(path)
      if (found.isFile()) files.set(path, found.size)
      else if (found.isDirectory())
        for (const name of (await readdir(path)).sort()) if (!name.startsWith('.')) await visit(join(path, name))
    } catch (error) {
      missing.push({ path, reason: reasonOf(error) })
    }
  }
  for (const path of paths) await visit(path)
  return { files: [...files].map(([path, bytes]) => ({ path, bytes })), missing }
}
