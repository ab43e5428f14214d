import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { http } from '#lib/net/node-http.ts'
import { CONTENT_TYPES, type Format, negotiate } from '#metrics/exposition.ts'

export interface PortExporterOptions {
  /** Absent: every address. */
  readonly host?: string | undefined
  readonly port: number
  /** The whole answer, made when the counts change and not for each scrape. */
  readonly render: (format: Format) => string | Promise<string>
}

export interface PortExporter {
  readonly port: number
  close(): Promise<void>
}

/** Scrapers may send headers and nothing else; who is slower than this is none. */
const REQUEST_PATIENCE_MS = 10_000
const MOST_CONNECTIONS = 200

/**
 * Plain HTTP that answers every path with the metrics, without a token, as the older exporter did. Throws the
 * system's error when the address cannot be used.
 */
export const startPortExporter = async ({ host, port, render }: PortExporterOptions): Promise<PortExporter> => {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    if (request.method === 'OPTIONS') return response.writeHead(200, { allow: 'GET,OPTIONS' }).end()
    if (request.method !== 'GET')
      return response.writeHead(405, { allow: 'GET,OPTIONS', 'content-type': 'text/plain' }).end('only GET\n')
    if (request.url === '/favicon.ico') return response.writeHead(200).end()
    const format = negotiate(request.headers.accept)
    const body = Buffer.from(await render(format))
    return response.writeHead(200, { 'content-type': CONTENT_TYPES[format], 'content-length': body.length }).end(body)
  }
  const server = http.createServer({ requestTimeout: REQUEST_PATIENCE_MS }, (request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  })
  server.maxConnections = MOST_CONNECTIONS
  await new Promise<void>((done, fail) => {
    // For good: later, a connection that the system could not hand over is lost to who made it, and no reason to end.
    server.on('error', fail)
    server.listen({ port, ...(host !== undefined && { host }) }, done)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
