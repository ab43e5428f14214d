import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, it } from 'node:test'
import { because, type Cause } from '#core/cause/cause.ts'
import { inEnglish } from '#templates/said.ts'
import {
  createDnsServer,
  createNameFiles,
  type DnsServer,
  dnsAnswer,
  type Said,
  serverLine,
} from '../../test/fixtures/servers/dns-server.ts'
import { createNames, type Names } from './names.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Say = Readonly<Record<string, Said | undefined>> | Parameters<typeof createDnsServer>[0]

const NOT_THERE: Said = { rcode: 3, negativeTtl: 5 }

const serve = async (say: Say): Promise<DnsServer> => {
  const server = await createDnsServer(
    typeof say === 'function'
      ? say
      : (name) => (name in say || name === '' ? (say[name] ?? (name === '' ? {} : undefined)) : NOT_THERE),
  )
  closers.push(server.close)
  return server
}

interface World {
  readonly names: Names
  readonly server: DnsServer
  readonly files: ReturnType<typeof createNameFiles>
  advance(ms: number): void
  ask(host: string, family?: 0 | 4 | 6, withinMs?: number): ReturnType<Names['resolve']>
}

const world = async (
  say: Say,
  { options = '', hosts = '', nsswitch = 'hosts: files dns\n', more = [] as readonly DnsServer[], atOnce = 2048 } = {},
): Promise<World> => {
  const server = await serve(say)
  const lines = [server, ...more].map(serverLine).join('')
  const files = createNameFiles({ resolvConf: `${lines}${options}\n`, hosts, nsswitch })
  closers.push(files.remove)
  let ahead = 0
  const names = createNames({ files: files.files, atOnce, monotonic: () => performance.now() + ahead })
  closers.push(names.close)
  return {
    names,
    server,
    files,
    advance: (ms) => {
      ahead += ms
    },
    ask: (host, family = 4, withinMs = 5000) => names.resolve(host, family, AbortSignal.timeout(withinMs)),
  }
}

const addressesOf = (answer: Awaited<ReturnType<Names['resolve']>>): readonly string[] => {
  assert.ok('addresses' in answer, JSON.stringify(answer))
  return answer.addresses
}
const codeOf = (answer: Awaited<ReturnType<Names['resolve']>>): string => ('code' in answer ? answer.code : 'ok')

const wordsOf = (found: object) => {
  const { cause, ...rest } = found as { readonly cause: Cause }
  return { ...rest, message: inEnglish(cause) }
}

describe('addresses of names', () => {
  it('asks the server of resolv.conf, and remembers the answer for its TTL', async () => {
    const { ask, server, advance, names } = await world({ 'ok.test': { a: ['192.0.2.1', '192.0.2.2'], ttl: 60 } })
    assert.deepEqual(addressesOf(await ask('OK.test')), ['192.0.2.1', '192.0.2.2'])
    assert.deepEqual(names.known('ok.test', 4), ['192.0.2.1', '192.0.2.2'])
    advance(50_000)
    assert.deepEqual(addressesOf(await ask('ok.test')), ['192.0.2.1', '192.0.2.2'])
    assert.deepEqual(server.asked, ['ok.test A'])
    advance(20_000)
    assert.equal(names.known('ok.test', 4), undefined)
    await ask('ok.test')
    assert.deepEqual(server.asked, ['ok.test A', 'ok.test A'])
  })

  it('asks anew before the time of what is used is over', async () => {
    let address = '192.0.2.1'
    const { ask, server, advance, names } = await world(() => ({ a: [address], ttl: 100 }))
    await ask('ok.test')
    address = '192.0.2.9'
    advance(90_000)
    assert.deepEqual(names.known('ok.test', 4), ['192.0.2.1'])
    while (server.asked.length < 2 || names.known('ok.test', 4)![0] !== '192.0.2.9')
      await new Promise((later) => setTimeout(later, 5))
  })

  it('asks once for a name that many want at the same time', async () => {
    const { ask, server } = await world({ 'ok.test': { a: ['192.0.2.1'], afterMs: 50 } })
    await Promise.all(Array.from({ length: 20 }, () => ask('ok.test')))
    assert.deepEqual(server.asked, ['ok.test A'])
  })

  it('asks for both IP versions, and takes one that answers alone', async () => {
    const { ask, server } = await world((name, type) =>
      name === 'both.test'
        ? { a: ['127.0.0.2'], aaaa: ['0:0:0:0:0:0:0:1'] }
        : type === 'A'
          ? { a: ['127.0.0.3'] }
          : undefined,
    )
    assert.deepEqual(new Set(addressesOf(await ask('both.test', 0))), new Set(['127.0.0.2', '::1']))
    assert.deepEqual(server.asked.toSorted(), ['both.test A', 'both.test AAAA'])
    assert.deepEqual(addressesOf(await ask('half.test', 0)), ['127.0.0.3'])
    assert.deepEqual(addressesOf(await ask('both.test', 6)), ['::1'])
  })

  it('follows aliases, and never in a circle', async () => {
    const { ask } = await world((name) => {
      if (name === 'alias.test') return { cname: 'ok.test', a: ['192.0.2.1'] }
      return { cname: name }
    })
    assert.deepEqual(addressesOf(await ask('alias.test')), ['192.0.2.1'])
    assert.equal(codeOf(await ask('circle.test')), 'dns_not_found')
  })

  it('asks without EDNS who refuses it with nothing but a head', async () => {
    const refusal = (query: Buffer) => {
      const head = Buffer.alloc(12)
      query.copy(head, 0, 0, 2)
      head.writeUInt16BE(0x8181, 2)
      return head
    }
    const instead = (query: Buffer) => [
      query.readUInt16BE(10) > 0 ? refusal(query) : dnsAnswer(query, { a: ['192.0.2.1'] }),
    ]
    const { ask } = await world({ 'old.test': { instead } }, { options: 'options edns0' })
    assert.deepEqual(addressesOf(await ask('old.test')), ['192.0.2.1'])
  })

  it('asks by TCP for what does not fit', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `192.0.2.${index}`)
    const { ask } = await world({ 'large.test': { a: many, cut: true } })
    assert.deepEqual(addressesOf(await ask('large.test')), many)
  })

  it('asks by TCP once, however often it hears that it does not fit', async () => {
    const cut = (query: Buffer) => dnsAnswer(query, {}, 0x8380)
    const instead = (query: Buffer) => [cut(query), cut(query), cut(query)]
    const { ask, server } = await world((_name, _type, byTcp) =>
      byTcp ? { a: ['192.0.2.1'], afterMs: 20 } : { instead },
    )
    assert.deepEqual(addressesOf(await ask('twice.test')), ['192.0.2.1'])
    assert.deepEqual(server.asked, ['twice.test A', 'twice.test A'])
  })

  it('asks from ports and with ids that cannot be guessed', async () => {
    const { ask, server } = await world((name) => (name === '' ? {} : { a: ['192.0.2.1'] }))
    for (let index = 0; index < 80; index++) await ask(`host-${index}.test`)
    assert.ok(new Set(server.from.map(({ port }) => port)).size >= 2)
    assert.ok(new Set(server.from.map(({ id }) => id)).size > 75)
  })

  it('knows the older ways of writing an address, and what is no name', async () => {
    const { ask, server, names } = await world({})
    assert.deepEqual(addressesOf(await ask('127.1')), ['127.0.0.1'])
    assert.deepEqual(names.known('0x7f000001', 4), ['127.0.0.1'])
    assert.deepEqual(addressesOf(await ask('010.0.0.1')), ['8.0.0.1'])
    assert.deepEqual(addressesOf(await ask('fe80::1%lo', 6)), ['fe80::1%lo'])
    assert.equal(codeOf(await ask('192.0.2.1', 6)), 'bad_address')
    for (const host of ['a..b', `${'a'.repeat(64)}.test`, `${'a.'.repeat(130)}test`])
      assert.equal(codeOf(await ask(host)), 'dns_not_found', host)
    assert.deepEqual(server.asked, [])
  })

  it('knows this machine by its usual name without asking', async () => {
    const { ask, server } = await world({})
    assert.deepEqual(addressesOf(await ask('localhost')), ['127.0.0.1'])
    assert.deepEqual(addressesOf(await ask('web.localhost', 6)), ['::1'])
    assert.deepEqual(server.asked, [])
  })

  it('writes names of other alphabets as the DNS has them', async () => {
    const { ask } = await world({ 'xn--mnchen-3ya.test': { a: ['192.0.2.4'] } })
    assert.deepEqual(addressesOf(await ask('München.test')), ['192.0.2.4'])
  })
})

describe('the settings of the machine', () => {
  it('looks into the hosts file first, and sees its change', async () => {
    const { ask, names, files, advance, server } = await world(
      { 'new.test': { a: ['192.0.2.7'] } },
      { hosts: '# names\n192.0.2.5 printer printer.test # upstairs\n::1 printer\n' },
    )
    assert.deepEqual(names.known('printer', 4), ['192.0.2.5'])
    assert.deepEqual(addressesOf(await ask('printer', 6)), ['::1'])
    assert.deepEqual(new Set(addressesOf(await ask('printer', 0))), new Set(['::1', '192.0.2.5']))
    files.write('hosts', '192.0.2.66 printer.test\n')
    advance(1001)
    assert.deepEqual(names.known('printer.test', 4), ['192.0.2.66'])
    assert.equal(codeOf(await ask('printer')), 'dns_not_found')
    assert.deepEqual(addressesOf(await ask('new.test')), ['192.0.2.7'])
    assert.ok(!server.asked.includes('printer.test A'))
  })

  it('searches the domains of the list, by the number of dots', async () => {
    const { ask, server } = await world(
      { 'web.lan.test': { a: ['192.0.2.8'] }, 'a.b': { a: ['192.0.2.9'] } },
      { options: 'search first.test lan.test\noptions ndots:1' },
    )
    assert.deepEqual(addressesOf(await ask('web')), ['192.0.2.8'])
    assert.deepEqual(addressesOf(await ask('a.b')), ['192.0.2.9'])
    assert.equal(codeOf(await ask('web.')), 'dns_not_found')
    assert.deepEqual(server.asked, ['web.first.test A', 'web.lan.test A', 'a.b A', 'web A'])
  })

  it('asks other servers from the moment that resolv.conf names them', async () => {
    const other = await serve({ 'ok.test': { a: ['192.0.2.20'] } })
    const { ask, files, advance } = await world({ 'ok.test': { a: ['192.0.2.10'], ttl: 3600 } })
    assert.deepEqual(addressesOf(await ask('ok.test')), ['192.0.2.10'])
    files.write('resolvConf', serverLine(other))
    advance(1001)
    assert.deepEqual(addressesOf(await ask('ok.test')), ['192.0.2.20'])
  })

  it('asks the next server where one is silent, cannot say or is not there', async () => {
    const good = await serve({ 'ok.test': { a: ['192.0.2.30'] } })
    for (const first of [() => undefined, () => ({ rcode: 2 }), () => ({ rcode: 5 })] as const) {
      const { ask } = await world(first, { more: [good] })
      assert.deepEqual(addressesOf(await ask('ok.test')), ['192.0.2.30'])
    }
    const gone = await createDnsServer(() => undefined)
    await gone.close()
    const { ask } = await world({ 'ok.test': undefined }, { more: [gone, good] })
    assert.deepEqual(addressesOf(await ask('ok.test')), ['192.0.2.30'])
  })

  it('keeps to the order of sources and their actions', async () => {
    const hosts = '192.0.2.40 here.test\n'
    const said = { 'here.test': { a: ['192.0.2.41'] } }
    const dnsFirst = await world(said, { hosts, nsswitch: 'hosts: dns files\n' })
    assert.deepEqual(addressesOf(await dnsFirst.ask('here.test')), ['192.0.2.41'])
    const ends = await world({}, { hosts, nsswitch: 'hosts: dns [NOTFOUND=return] files\n' })
    assert.equal(codeOf(await ends.ask('here.test')), 'dns_not_found')
    const minimal = await world(said, { nsswitch: 'hosts: files mdns4_minimal [NOTFOUND=return] dns\n' })
    assert.deepEqual(addressesOf(await minimal.ask('here.test')), ['192.0.2.41'])
  })

  it('leaves a source that it does not know to the system, in a process of its own', async () => {
    const { ask, server } = await world({}, { nsswitch: 'hosts: files resolve [!UNAVAIL=return] dns\n' })
    assert.deepEqual(addressesOf(await ask('localhost', 4)), ['127.0.0.1'])
    assert.equal(codeOf(await ask('nothing.invalid', 4)) === 'ok', false)
    assert.deepEqual(server.asked, [])
  })
})

describe('what the resolver does wrong', () => {
  it('takes no answer to another question, with another id or from elsewhere', async () => {
    const wrong: Said['instead'] = (query) => {
      const id = Buffer.from(dnsAnswer(query, { a: ['192.0.2.66'] }))
      id.writeUInt16BE((query.readUInt16BE(0) + 1) & 0xffff, 0)
      const other = Buffer.concat([query.subarray(0, 12), Buffer.from('\x04evil\x04test\0\0\x01\0\x01', 'latin1')])
      other.writeUInt16BE(query.readUInt16BE(0), 0)
      const question = dnsAnswer(other, { a: ['192.0.2.67'] })
      return [id, question, Buffer.alloc(3), dnsAnswer(query, { a: ['192.0.2.1'] })]
    }
    const { ask, server } = await world((name) => (name === '' ? {} : { instead: wrong }))
    const stranger = createSocket('udp4')
    closers.push(() => stranger.close())
    stranger.bind(0, '127.0.0.1')
    await once(stranger, 'listening')
    const asked = ask('ok.test')
    for (const { port } of server.from) stranger.send(Buffer.alloc(12), port, '127.0.0.1')
    assert.deepEqual(addressesOf(await asked), ['192.0.2.1'])
  })

  it('asks again after a datagram that was lost', async () => {
    let lost = 1
    const { ask } = await world((name) => (name !== '' && lost-- > 0 ? undefined : { a: ['192.0.2.1'] }))
    assert.deepEqual(addressesOf(await ask('ok.test', 4, 1000)), ['192.0.2.1'])
  })

  it('says of a name that is not answered, beside others that are, that it was not answered in time', async () => {
    const { ask } = await world({ 'ok.test': { a: ['192.0.2.1'] }, 'slow.test': undefined, 'bad.test': { rcode: 2 } })
    const slow = await ask('slow.test', 4, 1000)
    assert.deepEqual(slow, { code: 'timeout', cause: because('name_unanswered', { host: 'slow.test' }) })
    assert.deepEqual(addressesOf(await ask('ok.test')), ['192.0.2.1'])
    const bad = await ask('bad.test')
    assert.deepEqual(bad, {
      code: 'dns_failed',
      cause: because('resolver_answered', { rcode: 'SERVFAIL', name: 'bad.test' }),
    })
  })

  it('says of a resolver that answers nobody that it is silent, and since when', async () => {
    const { ask, server, names, advance } = await world(() => undefined)
    const silent = await ask('one.test', 4, 1000)
    const message = `the resolver 127.0.0.1:${server.port} does not answer, and no address of one.test is known`
    assert.deepEqual(wordsOf(silent), { code: 'resolver_silent', message })
    advance(60_000)
    assert.equal(Math.round(names.silence()!.ageMs / 1000), 61)
    assert.equal(names.standing('one.test', 4), 'unknown')
  })

  it('sees by itself that the resolver answers again', async () => {
    let silent = true
    const { ask, names } = await world(() => (silent ? undefined : { a: ['192.0.2.1'] }))
    assert.equal(codeOf(await ask('one.test', 4, 1000)), 'resolver_silent')
    silent = false
    const keep = setInterval(() => {}, 1000)
    while (names.silence()) await new Promise((later) => setTimeout(later, 50))
    clearInterval(keep)
  })

  it('takes a resolver that can say nothing of anybody for one that fails', async () => {
    const { ask, server } = await world(() => ({ rcode: 2 }))
    const failed = await ask('one.test')
    const message = `the resolver 127.0.0.1:${server.port} answers SERVFAIL, and no address of one.test is known`
    assert.deepEqual(wordsOf(failed), { code: 'resolver_silent', message })
  })

  it('goes on with what was known last, says so, and asks in the background', async () => {
    let silent = false
    const { ask, names, advance, server } = await world(() => (silent ? undefined : { a: ['192.0.2.1'], ttl: 60 }))
    await ask('ok.test')
    silent = true
    advance(70_000)
    const first = await ask('ok.test', 4, 1000)
    assert.ok('lastKnownMs' in first && first.lastKnownMs! >= 70_000, JSON.stringify(first))
    assert.equal(first.waitedMs, first.ms)
    assert.deepEqual(first.addresses, ['192.0.2.1'])
    silent = false
    while (names.standing('ok.test', 4) !== 'known' || server.asked.length < 2 || !names.known('ok.test', 4))
      await new Promise((later) => setTimeout(later, 5))
    assert.ok(!('lastKnownMs' in (await ask('ok.test'))))
  })

  it('does not wait again for a name that was not answered, while its last addresses serve', async () => {
    const { ask, names, advance, server } = await world(
      (name) => (server0.answers || name === '' ? { a: ['192.0.2.1'], ttl: 5 } : undefined),
      { options: 'options timeout:1 attempts:1' },
    )
    await ask('ok.test')
    server0.answers = false
    advance(10_000)
    await ask('ok.test')
    while (names.standing('ok.test', 4) !== 'last known') await new Promise((later) => setTimeout(later, 10))
    assert.deepEqual(names.known('ok.test', 4), ['192.0.2.1'])
    const again = await ask('ok.test')
    assert.ok('lastKnownMs' in again && again.ms === 0)
    assert.ok(server.asked.length <= 3)
  })

  it('believes that a name is gone, however well it was known', async () => {
    let gone = false
    const { ask, advance } = await world(() => (gone ? NOT_THERE : { a: ['192.0.2.1'], ttl: 5 }))
    await ask('ok.test')
    gone = true
    advance(10_000)
    assert.equal(codeOf(await ask('ok.test')), 'dns_not_found')
    gone = false
    advance(4000)
    assert.equal(codeOf(await ask('ok.test')), 'dns_not_found')
    advance(2000)
    assert.equal(codeOf(await ask('ok.test')), 'ok')
  })

  it('lets no number of silent names hold up one that is answered', async () => {
    const { ask } = await world((name) => (name === 'ok.test' || name === '' ? { a: ['192.0.2.1'] } : undefined))
    let givenUp = 0
    // All are asked for at once: of more than a system keeps for one socket the last would be lost on their way.
    const slow = Array.from({ length: 150 }, async (_, index) => {
      const answer = await ask(`slow-${index}.test`, 4, 3000)
      givenUp++
      return answer
    })
    assert.equal(codeOf(await ask('ok.test', 4, 3000)), 'ok')
    assert.equal(givenUp, 0)
    assert.deepEqual([...new Set((await Promise.all(slow)).map(codeOf))], ['timeout'])
  })

  it('gives a good name its turn behind any number of names that were never answered', async () => {
    const { ask, names, server } = await world(
      (name) => (name === 'ok.test' || name === '' ? { a: ['192.0.2.1'] } : undefined),
      { atOnce: 8 },
    )
    const slow = Array.from({ length: 26 }, (_, index) => ask(`slow-${index}.test`, 4, 4500))
    // Each of those goes on for 5 s where nobody waits: in their order it would be the turn of this one after 15 s.
    assert.equal(codeOf(await ask('ok.test', 4, 4500)), 'ok')
    const codes = new Set((await Promise.all(slow)).map(codeOf))
    // Those that made room are asked again; meanwhile nothing is said against them.
    assert.deepEqual([...codes].toSorted(), ['late', 'timeout'])
    const asked = new Set(server.asked)
    for (let index = 0; index < 26; index++) assert.ok(asked.has(`slow-${index}.test A`))
    assert.ok(names.figures().waiting > 0)
  })

  it('takes what waits in its own queue for its own fault, and lets those go first that were answered last', async () => {
    const { ask, names, advance } = await world(
      (name) => (/^(ok.*|)$/.test(name) ? { a: ['192.0.2.1'], ttl: 5 } : undefined),
      {
        atOnce: 4,
        options: 'options timeout:1 attempts:1',
      },
    )
    const codes = async (from: number) =>
      (await Promise.all(Array.from({ length: 8 }, (_, index) => ask(`slow-${index + from}.test`, 4, 900)))).map(codeOf)
    assert.deepEqual((await codes(0)).toSorted(), [...new Array(4).fill('late'), ...new Array(4).fill('timeout')])
    while (names.figures().waiting > 0) await new Promise((later) => setTimeout(later, 20))
    // Those that were asked for last have had their time.
    await new Promise((later) => setTimeout(later, 1100))
    advance(3000)
    const again = codes(0)
    assert.equal(codeOf(await ask('ok.test', 4, 900)), 'ok')
    await again
  })
})

const server0 = { answers: true }
