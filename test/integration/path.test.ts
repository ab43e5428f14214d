import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createPathTracer, type TracePath } from '#engine/path/path-trace.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { lacksIpv6 } from '../fixtures/machine.ts'
import { chainSkip, createRouterChain } from '../fixtures/router-chain.ts'

describe('the way to a host through three routers', { skip: chainSkip }, () => {
  const chain = createRouterChain()
  const { r1, r2, r3, host } = chain.hops
  let tools: EngineTools
  let trace: TracePath

  before(() => {
    chain.build()
    tools = createProbeTools()
    trace = createPathTracer(tools.sockets)
  })
  after(() => {
    tools?.close()
    chain.close()
  })

  for (const { family, hops, skip } of [
    { family: 4, hops: chain.hops, skip: false },
    { family: 6, hops: chain.hops6, skip: lacksIpv6 },
  ]) {
    const way = [hops.r1, hops.r2, hops.r3]

    it(`is seen hop by hop, IPv${family}`, { skip }, async () => {
      for (const width of [4, 16] as const)
        assert.deepEqual(await trace(hops.host, width), { address: hops.host, hops: way, reached: true })
    })

    it(`ends at the router whose link is down, IPv${family}`, { skip }, async () => {
      chain.cut('r2')
      try {
        assert.deepEqual(await trace(hops.host, 16), { address: hops.host, hops: way.slice(0, 2), reached: false })
      } finally {
        chain.mend('r2')
      }
      assert.equal((await trace(hops.host, 16))?.reached, true)
    })
  }

  it('ends before a router that swallows packets', async () => {
    chain.on('r3', `route add blackhole ${host}/32`)
    try {
      assert.deepEqual((await trace(host, 16))?.hops, [r1, r2])
    } finally {
      chain.on('r3', `route del blackhole ${host}/32`)
    }
  })

  it('goes on behind a router that never says anything', async () => {
    chain.sysctl('r2', 'net.ipv4.icmp_ratelimit=2147483647')
    chain.sysctl('r2', 'net.ipv4.icmp_ratemask=6168')
    let found: Awaited<ReturnType<TracePath>>
    try {
      // The first few are answered until the allowance is used up.
      for (let look = 0; look < 10; look++) {
        found = await trace(host, 16)
        if (found?.hops[1] === null) break
      }
    } finally {
      chain.sysctl('r2', 'net.ipv4.icmp_ratemask=0')
    }
    assert.deepEqual(found, { address: host, hops: [r1, null, r3], reached: true })
  })

  it('an address that routers hand to each other goes no further than before they repeat', async () => {
    chain.on('r2', `route add ${host}/32 via ${chain.onLink(1, 1)}`)
    try {
      assert.deepEqual(await trace(host, 16), {
        address: host,
        hops: [r1, r2],
        reached: false,
      })
    } finally {
      chain.on('r2', `route del ${host}/32 via ${chain.onLink(1, 1)}`)
    }
  })

  it('is not known where there is no socket', async () => {
    const plain = createProbeTools({ ping: 'command' })
    assert.equal(await createPathTracer(plain.sockets)(host, 16), undefined)
    plain.close()
  })
})
