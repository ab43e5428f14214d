#!/usr/bin/env node
// Starts Vigía under Node 26 from whatever Node (18 or later) the machine has. The runtime comes as an optional
// npm dependency per platform; where it cannot run (musl), the system's own Node 26 does.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const WANTED = 26
const require = createRequire(import.meta.url)

const resolves = (name) => {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

/**
 * A checkout runs its sources, so that nothing is ever older than they are; a package, or a checkout without the tools of
 * development, what `npm run build` made.
 */
const program = () => {
  const source = new URL('../src/cli/index.ts', import.meta.url)
  const built = new URL('../dist/server/cli-index.cjs', import.meta.url)
  if (existsSync(source) && resolves('commander')) return source
  if (existsSync(built) && existsSync(new URL('program.mjs', built))) return built
  console.error(
    existsSync(source)
      ? 'vigia: the packages that the sources need are not installed. Run "npm ci" without --omit=dev.'
      : 'vigia: dist/server is missing: this package is not whole. Install it again, or run "npm run build" in a checkout.',
  )
  process.exit(2)
}

/** Path of the bundled Node, or undefined when no package of this platform is installed or its libc is another. */
const bundledNode = () => {
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) return undefined
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const names = [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]
  names.push(`node-bin-${process.platform}-${process.arch}`)
  return names.map((name) => resolves(`${name}/${binary}`)).find((path) => path !== undefined)
}

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  process.removeAllListeners('warning')
  // Compiled code is kept from one start to the next; where that cannot be, the start is only slower.
  module.enableCompileCache?.()
  const entry = program()
  if (entry.pathname.endsWith('.cjs')) {
    const { start } = await import('../dist/server/program.mjs')
    const command = process.argv[2] ?? ''
    start(fileURLToPath(entry), /^[a-z-]{2,16}$/.test(command) ? command : 'help')
  } else await import(entry)
} else {
  const node = bundledNode()
  if (!node) {
    console.error(
      `vigia: needs Node ${WANTED}, this is ${process.version} and none is bundled for ${process.platform}-${process.arch}.\n` +
        `Install Node ${WANTED}, or install again without --omit=optional.`,
    )
    process.exit(2)
  }
  // One helper of V8's is enough for a heap of this size; where there is one core, four of them take it from the server.
  const args = ['--v8-pool-size=1', fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`vigia: cannot start the bundled Node: ${error.message}`)
    process.exit(2)
  })
  child.on('exit', (code) => {
    // How the system's loader ends what it cannot load; it has named the library.
    if (code === 127)
      console.error(
        'vigia: the bundled Node needs a library that this machine lacks. Install it: apt-get install libatomic1 libstdc++6, ' +
          'or dnf install libatomic libstdc++.',
      )
  })
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}
