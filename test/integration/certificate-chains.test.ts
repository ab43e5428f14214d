import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { connect, setDefaultCACertificates } from 'node:tls'
import type { ProbeOutcome } from '#core/result/result.ts'
import { inEnglish } from '#templates/said.ts'
import { createAuthority, type Issued, opensslMissing } from '../fixtures/authority.ts'

const missing = opensslMissing()
const END = '2099-01-01T00:00:00.000Z'

describe('certificates are judged by the chain that verifies', { skip: missing ?? false }, () => {
  const made = missing ? undefined : createAuthority()
  const authority = made!
  const servers: HttpsServer[] = []
  let probe: (type: string, options: object) => Promise<ProbeOutcome>
  let certificates: Readonly<Record<string, Issued>>

  before(async () => {
    const ca = { authority: true } as const
    const oldRoot = authority.issue({ name: 'old root', to: '20400101', ...ca })
    const root = authority.issue({ name: 'root', to: '20990601', ...ca })
    const inter = authority.issue({ name: 'intermediate', by: 'root', to: '20990301', ...ca })
    const leaf = authority.issue({ name: 'leaf.test', by: 'intermediate', authority: false, to: '20990101' })
    const stranger = authority.issue({ name: 'stranger', to: '20210101', ...ca })
    const otherLeaf = authority.issue({ name: 'other.test', by: 'stranger', authority: false, to: '20210101' })
    const shortRoot = authority.issue({ name: 'short root', to: '20980101', ...ca })
    const longLeaf = authority.issue({ name: 'long.test', by: 'short root', authority: false, to: '20990101' })
    const endedInter = authority.issue({ name: 'ended', by: 'root', to: '20240930', ...ca })
    const endedLeaf = authority.issue({ name: 'broken.test', by: 'ended', authority: false, to: '20990101' })
    // The new root's key, in the name of the old one, whose certificate of it is over.
    const cross = authority.issue({ name: 'root', by: 'old root', to: '20240930', ...ca })
    certificates = {
      root,
      inter,
      leaf,
      cross,
      stranger,
      otherLeaf,
      longLeaf,
      endedInter,
      endedLeaf,
      shortRoot,
      oldRoot,
    }
    // Before the probes are loaded: they make their context once.
    setDefaultCACertificates([root, shortRoot].map(({ pem }) => pem))
    const { probeTypes } = await import('#probes/index.ts')
    const { createProbeTools } = await import('#engine/tools.ts')
    probe = (type, options) =>
      probeTypes.get(type)!.run!(options as never, {
        timeoutMs: 5000,
        signal: new AbortController().signal,
        tools: createProbeTools(),
        trace: false,
      })
  })
  after(() => {
    for (const server of servers) server.close()
    made?.remove()
  })

  const serve = async (key: string, ...chain: readonly string[]): Promise<number> => {
    const cert = chain.map((name) => certificates[name]!.pem).join('\n')
    const server = createServer({ key: authority.keyOf(key), cert }, (_request, response) => response.end('ok'))
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const looks = async (port: number) => ({
    tls: await probe('tls', { host: '127.0.0.1', port }),
    http: await probe('http', { url: `https://127.0.0.1:${port}/`, days: 14 }),
  })

  const FINE: readonly (readonly [string, readonly string[]])[] = [
    ['leaf and intermediate', ['leaf', 'inter']],
    ['and the root besides', ['leaf', 'inter', 'root']],
    ['a cross-signed root whose certificate is over', ['leaf', 'inter', 'cross']],
    ['the wrong order', ['leaf', 'cross', 'inter']],
    ['a stranger that is over', ['leaf', 'inter', 'stranger']],
    ['a second leaf that is over', ['leaf', 'otherLeaf', 'inter']],
    ['one twice', ['leaf', 'inter', 'inter']],
  ]
  for (const [title, chain] of FINE)
    it(`well: ${title}`, async () => {
      const { tls, http } = await looks(await serve('leaf.test', ...chain))
      assert.deepEqual([tls.error, http.error], [undefined, undefined])
      assert.deepEqual([tls.facts?.valid_to, http.facts?.certificate_valid_to], [END, END])
      assert.equal(tls.metrics?.certificateEnds, Date.parse(END))
    })

  it('by the end of the authority, where that comes first and was not sent', async () => {
    const { tls } = await looks(await serve('long.test', 'longLeaf'))
    assert.deepEqual([tls.error, tls.facts?.valid_to], [undefined, '2098-01-01T00:00:00.000Z'])
  })

  it('not well: an intermediate that is over and that nothing replaces, with its date', async () => {
    const { tls, http } = await looks(await serve('broken.test', 'endedLeaf', 'endedInter'))
    assert.deepEqual([tls.error?.code, http.error?.code], ['tls_expired', 'tls_expired'])
    assert.match(inEnglish(tls.error!.cause), /expired on 2024-09-30/)
  })

  it('not well: without the intermediate', async () => {
    const { tls } = await looks(await serve('leaf.test', 'leaf', 'cross'))
    assert.equal(tls.error?.code, 'tls_invalid')
    assert.equal(tls.facts?.valid_to, END)
  })

  it('/probe says both: the earliest that was sent, and the end of the chain that verified', async () => {
    const { recordTls, tlsOptions } = await import('#probes/blackbox/tls.ts')
    const port = await serve('leaf.test', 'leaf', 'inter', 'cross')
    const settings = { verify: true, ca: certificates.root!.pem, serverName: 'leaf.test' } as const
    const socket = connect({ host: '127.0.0.1', port, ...tlsOptions(settings, '127.0.0.1', undefined) })
    await once(socket, 'secureConnect')
    const said = new Map<string, number>()
    recordTls(socket, settings, { set: (name: string, _help: string, value: number) => said.set(name, value) } as never)
    socket.destroy()
    assert.deepEqual(
      [said.get('probe_ssl_earliest_cert_expiry'), said.get('probe_ssl_last_chain_expiry_timestamp_seconds')],
      [Date.parse('2024-09-30T00:00:00Z') / 1000, Date.parse(END) / 1000],
    )
  })
})
