import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { addProbeRoute } from '#api/probe.ts'
import type { Actor } from '#core/who/actor.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemTimers } from '#lib/time/timers.ts'

/** Serves `/probe` alone, as the server does; prints its port. */
const app = fastify()
const actor: Actor = { kind: 'token', id: 1, name: 'bench', role: 'operator' }
app.decorateRequest('actor', { getter: () => actor })
addProbeRoute(app, { tools: createProbeTools(), timers: systemTimers })
await app.listen({ port: 0, host: '127.0.0.1' })
console.log((app.server.address() as AddressInfo).port)
