#!/usr/bin/env node
// Starts Vigía under Node 26 from whatever Node (18 or later) the machine has. The runtime comes as an optional
// npm dependency per platform; where it cannot run (musl), the system's own Node 26 does.
import { spawn } from 'node:child_process'
import module, { createRequire } from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const WANTED = 26
const main = new URL('../src/cli/index.ts', import.meta.url)

/** Path of the bundled Node, or undefined when no package of this platform is installed or its libc is another. */
const bundledNode = () => {
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) return undefined
  const require = createRequire(import.meta.url)
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const names = [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]
  names.push(`node-bin-${process.platform}-${process.arch}`)
  for (const name of names) {
    try {
      return require.resolve(`${name}/${binary}`)
    } catch {
      // not this one
    }
  }
  return undefined
}

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  process.removeAllListeners('warning')
  // Compiled code is kept from one start to the next; where that cannot be, the start is only slower.
  module.enableCompileCache?.()
  await import(main)
} else {
  const node = bundledNode()
  if (!node) {
    console.error(
      `vigia: needs Node ${WANTED}, this is ${process.version} and none is bundled for ${process.platform}-${process.arch}.\n` +
        `Install Node ${WANTED}, or run "npm ci" without --omit=optional.`,
    )
    process.exit(2)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`vigia: cannot start the bundled Node: ${error.message}`)
    process.exit(2)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}
