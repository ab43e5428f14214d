// Builds the page as a part of `npm ci`. Where the tools for it were left out (`--omit=dev`), the server works all the
// same: `/` says how to build the page.
import { createRequire } from 'node:module'

const installed = (name) => {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

if (installed('vite') && installed('react')) {
  const { build } = await import('vite')
  await build({ root: import.meta.dirname, configFile: `${import.meta.dirname}/vite.config.ts`, logLevel: 'warn' })
} else console.log('the page is not built: its tools are not installed (npm ci, without --omit=dev, builds it)')
