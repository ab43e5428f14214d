import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { monitorPolicy } from '#lib/net/forbidden-address.ts'
import { inEnglish } from '#templates/said.ts'
import type { ProbeTools, Resolved } from '../probe.ts'
import { guardedTools, toolsFor } from './guarded-tools.ts'

const answering = (addresses: readonly string[]) =>
  guardedTools(
    {
      known: () => addresses,
      resolve: async (): Promise<Resolved> => ({ addresses, ms: 1 }),
    } as unknown as ProbeTools,
    monitorPolicy,
  )

const signal = new AbortController().signal

describe('guarded tools', () => {
  it('refuse a name that leads to a metadata service, and say why', async () => {
    const tools = answering(['169.254.169.254'])
    assert.equal(tools.known('metadata.example', 0), undefined)
    const found = await tools.resolve('metadata.example', 0, signal)
    assert.ok(
      'code' in found && /metadata service: monitors made by hand do not look there/.test(inEnglish(found.cause)),
    )
  })

  it('use what is allowed of several addresses, and let loopback and private ones through', async () => {
    const found = await answering(['fe80::1', '10.0.0.7']).resolve('host.example', 0, signal)
    assert.deepEqual('addresses' in found && found.addresses, ['10.0.0.7'])
    assert.deepEqual(answering(['127.0.0.1']).known('localhost', 0), ['127.0.0.1'])
  })
  it('are what everything but a file is lent', async () => {
    const plain = { known: () => ['169.254.1.1'] } as unknown as ProbeTools
    assert.equal(toolsFor(plain, undefined), plain)
    assert.equal(toolsFor(plain, []).known('host.example', 0), undefined)
    assert.deepEqual(toolsFor(plain, ['link_local']).known('host.example', 0), ['169.254.1.1'])
  })
})
