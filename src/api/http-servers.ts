import type { RequestListener, Server, ServerOptions } from 'node:http'
import { http } from '#lib/net/node-http.ts'

interface Settings {
  readonly http?: ServerOptions
  readonly connectionTimeout?: number
  readonly keepAliveTimeout?: number
  readonly requestTimeout?: number
}

/**
 * Makes the servers of an application, one for each address that its name has: each hears its own errors from the first
 * moment on. A connection that the system could not hand over is lost to who made it, and no reason to end.
 */
export const httpServers =
  (onError: (error: Error) => void) =>
  (
    handler: RequestListener,
    { http: options = {}, connectionTimeout, keepAliveTimeout, requestTimeout }: Settings,
  ): Server => {
    const server = http.createServer(options, handler)
    server.on('error', (error) => {
      // Before it listens, whoever waits for that hears of it.
      if (server.listening) onError(error)
    })
    if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout
    if (requestTimeout !== undefined) server.requestTimeout = requestTimeout
    if (connectionTimeout !== undefined) server.setTimeout(connectionTimeout)
    return server
  }
