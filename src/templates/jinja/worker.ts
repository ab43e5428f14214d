import { parentPort } from 'node:worker_threads'
import { answerRequest } from './environment.ts'
import type { Request } from './parts.ts'

/** The templates' thread. What it throws ends it, and the fence tells why. */

const port = parentPort!
port.on('message', (request: Request) => port.postMessage(answerRequest(request)))
port.postMessage('ready')
