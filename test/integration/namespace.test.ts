import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { lacksIpv6, lacksNamespaces, lacksPacketFilter, lacksTrafficShaping } from '../fixtures/machine.ts'

/**
 * A network of our own: this side, a router, and a host behind it, in network namespaces. Addresses are of the
 * benchmark range (RFC 2544), which no real network uses.
 */
const NAME = `vigia-${process.pid}`
const ROUTER = `${NAME}-r`
const HOST = `${NAME}-h`
const run = (command: string) => execFileSync('sh', ['-c', command], { stdio: 'pipe' })

describe('ICMP and TCP across a router', { skip: lacksNamespaces() }, () => {
  let tools: EngineTools
  const id = process.pid % 100_000
  const never = new AbortController().signal
  const ping = (address: string, packets = 3) => tools.ping({ address, packets, gapMs: 20, timeoutMs: 400 }, never)

  before(() => {
    const [near, far] = [`va${id}`, `vb${id}`]
    run(`ip netns add ${ROUTER} && ip netns add ${HOST}`)
    run(`ip link add ${near} type veth peer name r0 netns ${ROUTER}`)
    run(`ip -n ${ROUTER} link add ${far} type veth peer name h0 netns ${HOST}`)
    run(`ip addr add 198.18.0.1/30 dev ${near} && ip link set ${near} up && ip route add 198.18.1.0/24 via 198.18.0.2`)
    // While the interface is down nothing may take the way to the real network.
    run('ip route add unreachable 198.18.1.0/24 metric 4000')
    run(
      `ip -n ${ROUTER} addr add 198.18.0.2/30 dev r0 && ip -n ${ROUTER} link set r0 up && ip -n ${ROUTER} link set lo up`,
    )
    run(`ip -n ${ROUTER} addr add 198.18.1.1/24 dev ${far} && ip -n ${ROUTER} link set ${far} up`)
    // By default a router tells one host of no more than one error a second, so a test would hang on the one before it.
    run(`ip netns exec ${ROUTER} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0`)
    run(`ip -n ${ROUTER} route add blackhole 198.18.1.200/32 && ip -n ${ROUTER} route add unreachable 198.18.1.201/32`)
    run(
      `ip -n ${HOST} addr add 198.18.1.2/24 dev h0 && ip -n ${HOST} link set h0 up && ip -n ${HOST} route add default via 198.18.1.1`,
    )
    tools = createProbeTools()
  })

  after(() => {
    tools?.close()
    for (const command of [`ip netns del ${HOST}`, `ip netns del ${ROUTER}`, 'ip route del unreachable 198.18.1.0/24'])
      try {
        run(command)
      } catch {
        // It was not made.
      }
  })

  it('the host behind the router answers', async () => {
    const { rtts } = await ping('198.18.1.2')
    assert.equal(rtts.length, 3)
    assert.ok(rtts.every((rtt) => rtt > 0))
  })

  it('an address that swallows packets is lost, nothing more', async () => {
    const { rtts, icmpError, ownFault } = await ping('198.18.1.200')
    assert.deepEqual([rtts, icmpError, ownFault], [[Number.NaN, Number.NaN, Number.NaN], undefined, undefined])
    const reply = await tools.connect('198.18.1.200', 80, { timeoutMs: 200, signal: never })
    assert.ok(!reply.ok && reply.code === 'timeout')
  })

  it('the router that says unreachable is named', async () => {
    const { rtts, icmpError } = await ping('198.18.1.201', 1)
    assert.deepEqual(icmpError, { code: 'unreachable', from: '198.18.0.2' })
    assert.ok(rtts.every(Number.isNaN))
    const reply = await tools.connect('198.18.1.201', 80, { timeoutMs: 500, signal: never })
    assert.ok(!reply.ok && ['unreachable', 'no_route'].includes(reply.code))
  })

  it('a link-local address is reached through its interface', { skip: lacksIpv6 }, async () => {
    run(`ip -6 addr add fe80::fade/64 dev va${id} nodad`)
    const server = createServer((socket) => void socket.on('error', () => {}).destroy()).listen(0, '::')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const reply = await tools.connect(`fe80::fade%va${id}`, port, { timeoutMs: 2000, signal: never })
    // Before anything is asserted: a server that stays open keeps this process for ever.
    server.close()
    assert.deepEqual(reply.ok, true, reply.ok ? '' : reply.cause.code)
  })

  it('a time to live of one finds the first hop', async () => {
    const { icmpError } = await tools.ping(
      { address: '198.18.1.2', packets: 1, gapMs: 0, timeoutMs: 400, ttl: 1 },
      never,
    )
    assert.deepEqual(icmpError, { code: 'time_exceeded', from: '198.18.0.2' })
    const { rtts } = await ping('198.18.1.2', 1)
    assert.ok(rtts[0]! > 0, 'the next packet has its full time to live again')
  })

  it('a far end that goes away is lost and answers again when it is back', async () => {
    run(`ip -n ${HOST} link set h0 down`)
    assert.ok((await ping('198.18.1.2')).rtts.every(Number.isNaN))
    run(`ip -n ${HOST} link set h0 up && ip -n ${HOST} route replace default via 198.18.1.1`)
    assert.ok((await ping('198.18.1.2', 10)).rtts.some((rtt) => rtt > 0))
  })

  it('an interface of this machine that goes away is no fault of a host, and works when it is back', async () => {
    const near = `va${process.pid % 100_000}`
    run(`ip link set ${near} down`)
    const { rtts, icmpError, ownFault } = await ping('198.18.1.2')
    assert.ok(rtts.every(Number.isNaN))
    assert.ok(ownFault || (icmpError && icmpError.from === undefined), JSON.stringify({ icmpError, ownFault }))
    run(`ip link set ${near} up && ip route replace 198.18.1.0/24 via 198.18.0.2`)
    assert.ok((await ping('198.18.1.2', 10)).rtts.some((rtt) => rtt > 0))
  })

  it('three hundred targets behind it are pinged at a bounded pace, and each has its own fate', async () => {
    const fates = await new Promise<Map<number, string>>((resolve) => {
      const heard = new Map<number, string>()
      const rounds = tools.pingRounds!((slot, rtts, count, fault) => {
        const answered = rtts.subarray(0, count).some((rtt) => rtt > 0)
        heard.set(slot, answered ? 'answered' : (fault?.icmpError?.code ?? fault?.ownFault?.code ?? 'lost'))
        if (heard.size === 300) resolve(heard)
      })
      const targets = ['198.18.1.2', '198.18.1.200', '198.18.1.201']
      for (let slot = 0; slot < 300; slot++)
        rounds.start(slot, { address: targets[slot % 3]!, packets: 1, gapMs: 0, timeoutMs: 500 })
    })
    const count = (fate: string) => [...fates.values()].filter((found) => found === fate).length
    assert.equal(count('answered'), 100)
    // A router says only now and then that a host is unreachable (RFC 1812, 4.3.2.8).
    assert.equal(count('unreachable') + count('lost'), 200)
    for (const [slot, fate] of fates) if (fate === 'unreachable') assert.equal(slot % 3, 2)
  })

  it('a far end that drops one packet in ten is found to do so, packet by packet', {
    skip: lacksPacketFilter(),
  }, async () => {
    const inHost = `ip netns exec ${HOST}`
    const rule = 'icmp type echo-reply numgen random mod 100 < 10 counter drop'
    run(`${inHost} nft 'table ip t { chain out { type filter hook output priority 0; ${rule}; }; }'`)
    const [slots, packets] = [20, 100]
    let lost = 0
    await new Promise<void>((resolve) => {
      let heard = 0
      const rounds = tools.pingRounds!((_slot, rtts, count, fault) => {
        assert.equal(fault, undefined)
        for (let packet = 0; packet < count; packet++) if (Number.isNaN(rtts[packet])) lost++
        if (++heard === slots) resolve()
      })
      const request = { address: '198.18.1.2', packets, gapMs: 2, timeoutMs: 1000 }
      for (let slot = 0; slot < slots; slot++) rounds.start(slot, request)
    })
    const [, dropped] = /counter packets (\d+)/.exec(run(`${inHost} nft list table ip t`).toString())!
    run(`${inHost} nft delete table ip t`)
    assert.equal(lost, Number(dropped))
    // Five standard deviations of 2,000 draws at one tenth.
    assert.ok(lost > 130 && lost < 270, String(lost))
  })

  it('a far end that answers ever later is lost from the time-out on, and what comes then is called late', {
    skip: lacksTrafficShaping(),
  }, async () => {
    // About ten answers a second leave it, twice as many are asked for.
    run(`tc -n ${HOST} qdisc add dev h0 root tbf rate 8kbit burst 200 limit 100000`)
    const before = tools.sockets[4]!.counters.late
    const { rtts, ownFault } = await tools.ping(
      { address: '198.18.1.2', packets: 20, gapMs: 50, timeoutMs: 250 },
      never,
    )
    run(`tc -n ${HOST} qdisc del dev h0 root`)
    const answered = rtts.filter((rtt) => rtt > 0)
    assert.equal(ownFault, undefined)
    assert.ok(answered.length >= 2 && answered.length <= 10, String(rtts))
    assert.ok(answered.every((rtt) => rtt <= 250) && rtts.slice(-5).every(Number.isNaN), String(rtts))
    assert.ok(tools.sockets[4]!.counters.late - before >= 2)
  })

  describe('ping sockets', { skip: lacksIpv6 }, () => {
    const inHost = (fixture: string, ...args: readonly string[]) => {
      const script = fileURLToPath(new URL(`../fixtures/${fixture}.ts`, import.meta.url))
      const inside = ['netns', 'exec', HOST, process.execPath, script, ...args]
      return JSON.parse(execFileSync('ip', inside, { encoding: 'utf8', stdio: 'pipe' }))
    }

    before(() => {
      run(`ip netns exec ${HOST} sysctl -qw net.ipv4.ping_group_range="0 2147483647" && ip -n ${HOST} link set lo up`)
      run(`ip netns exec ${ROUTER} sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratelimit=0`)
      run(`ip -n ${ROUTER} addr add fd00:1::1/64 dev vb${id} nodad && ip -n ${HOST} addr add fd00:1::2/64 dev h0 nodad`)
      run(`ip -n ${HOST} route add default via fd00:1::1`)
      // A router tells one address five times that there is no way, then once a second, whatever its other limits are: this
      // one has heard nothing yet.
      run(
        `ip -n ${HOST} addr add 198.18.1.3/24 dev h0 && ip -n ${HOST} route replace default via 198.18.1.1 src 198.18.1.3`,
      )
    })

    it('serve both families', () => {
      const { method, replies } = inHost('ping-once', 'any', '127.0.0.1', '::1')
      assert.equal(method, 'dgram', 'they cost the least')
      for (const { rtts } of replies) assert.ok(rtts.length === 3 && rtts.every((rtt: number | null) => rtt! > 0))
    })

    it('hear who says that a host is unreachable, and go on with the others', () => {
      const targets = ['198.18.2.1', '127.0.0.1', '198.18.3.1', 'fd00:2::1', '::1']
      const { replies } = inHost('ping-once', 'dgram', ...targets)
      const errors = replies.map(({ icmpError }: { icmpError?: unknown }) => icmpError)
      const byRouter = { code: 'unreachable', from: '198.18.1.1' }
      assert.deepEqual(errors, [byRouter, undefined, byRouter, { code: 'unreachable', from: 'fd00:1::1' }, undefined])
      assert.ok([1, 4].every((index) => replies[index].rtts.every((rtt: number | null) => rtt! > 0)))
    })

    it('see the way to a host', () => {
      const [v4, v6] = inHost('trace-once', 'dgram', '198.18.0.1', 'fd00:2::1')
      assert.deepEqual([v4.hops, v4.reached], [['198.18.1.1'], true])
      assert.deepEqual([v6.hops, v6.reached], [['fd00:1::1'], false])
    })
  })
})

describe('descriptors', () => {
  it('exhausted, they are a fault of ours, and it passes', {
    skip: process.platform !== 'linux' && 'Linux only',
  }, () => {
    const script = fileURLToPath(new URL('../fixtures/connect-without-descriptors.ts', import.meta.url))
    const limited = ['-c', 'ulimit -n 200 && exec "$@"', 'sh', process.execPath, script]
    const output = execFileSync('sh', limited, { encoding: 'utf8', stdio: 'pipe' })
    assert.deepEqual(JSON.parse(output), ['no_descriptors', 'no_descriptors', 'refused', 'resolver_silent'])
  })
})
