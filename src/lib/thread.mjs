// First module of every thread. Compiled code is kept from one start to the next here too: without it each thread
// would carry the type stripper, 15 MB.
import module from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { workerData } from 'node:worker_threads'

module.enableCompileCache?.()
const { entry } = workerData
if (entry.endsWith('.cjs'))
  // Asking what grew would cost a thread more memory than that saves.
  (await import('./program.mjs')).start(fileURLToPath(entry), basename(entry, '.cjs'), false)
else await import(entry)
