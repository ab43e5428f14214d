// First module of every thread. Compiled code is kept from one start to the next here too: without it each thread
// would carry the type stripper, 15 MB.
import module from 'node:module'
import { workerData } from 'node:worker_threads'

module.enableCompileCache?.()
await import(workerData.entry)
