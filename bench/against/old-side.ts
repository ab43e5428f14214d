import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** What was asked for cannot be done; the words are for the person who asked. */
export interface Obstacle {
  readonly obstacle: string
}

export interface OldSide {
  readonly commit: string
  readonly folder: string
  remove(): void
}

const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })

/** The whole name of a commit of this checkout, or why nothing can be measured against it. */
export const commitOf = (name: string): string | Obstacle => {
  const inside = git('rev-parse', '--git-dir')
  if (inside.error) return { obstacle: '--against needs git, which is not installed' }
  if (inside.status !== 0)
    return { obstacle: `--against needs a git checkout, and ${ROOT} is none that git reads: ${inside.stderr.trim()}` }
  const found = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)
  if (found.status !== 0)
    return {
      obstacle: `there is no commit "${name}" in this checkout; git log names those that there are (a shallow clone has few: git fetch --unshallow)`,
    }
  const changed = git('status', '--porcelain').stdout.trimEnd()
  if (changed !== '') {
    const files = changed.split('\n').map((line) => line.slice(3))
    const more = files.length > 3 ? ` and ${files.length - 3} more` : ''
    return {
      obstacle: `commit or stash first, or nobody can tell later what was measured: ${files.slice(0, 3).join(', ')}${more}`,
    }
  }
  const commit = found.stdout.trim()
  if (git('cat-file', '-e', `${commit}:bench/run.ts`).status !== 0)
    return { obstacle: `commit ${commit.slice(0, 9)} has no benchmarks of its own (bench/run.ts)` }
  return commit
}

const sameLock = (folder: string): boolean => {
  const [ours, theirs] = [ROOT, folder].map((at) => readFileSync(join(at, 'package-lock.json'), 'utf8'))
  return ours === theirs
}

/** Dependencies and page of the other checkout: ours where its lock is ours, else its own. */
const install = (folder: string): void => {
  const options: ExecFileSyncOptions = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }
  if (!sameLock(folder)) return void execFileSync('npm', ['ci', '--no-audit', '--no-fund'], options)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const page = join(folder, 'web/prepare.mjs')
  if (existsSync(page)) execFileSync(process.execPath, [page], options)
}

/** Checks a commit out in a temporary folder, ready to run. Throws when its dependencies cannot be had. */
export const checkOut = (commit: string): OldSide => {
  const place = mkdtempSync(join(tmpdir(), 'vigia-against-'))
  const folder = join(place, 'checkout')
  const remove = () => {
    git('worktree', 'remove', '--force', folder)
    rmSync(place, { recursive: true, force: true })
    git('worktree', 'prune')
  }
  try {
    execFileSync('git', ['worktree', 'add', '--detach', '--quiet', folder, commit], { cwd: ROOT })
    install(folder)
    return { commit, folder, remove }
  } catch (error) {
    remove()
    throw error
  }
}
