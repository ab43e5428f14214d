import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const OUT = resolve(import.meta.dirname, '../dist/web')
/** Every file of Mantine begins with "use client", which means nothing here; how long the build takes is no news. */
const QUIET = new Set(['MODULE_LEVEL_DIRECTIVE', 'PLUGIN_TIMINGS'])
/** Smaller files gain nothing. */
const SMALLEST = 1024

/** Lays a compressed copy beside each file, so that the server compresses nothing while it serves. */
const compressed = (): Plugin => ({
  name: 'compressed',
  closeBundle: () => {
    const folder = join(OUT, 'assets')
    for (const name of readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
      const bytes = readFileSync(join(folder, name))
      if (bytes.length < SMALLEST) continue
      writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }))
    }
  },
})

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic' } },
  plugins: [compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The wall is a document of its own: what it needs is a hundredth of the page.
      input: ['index.html', 'wall.html'].map((name) => resolve(import.meta.dirname, name)),
      onLog: (level, log, handle) => {
        if (!QUIET.has(log.code ?? '')) handle(level, log)
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/sign-in', '/sign-out', '/setup'].map((path) => [path, 'http://127.0.0.1:5000']),
    ),
  },
})
