import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import fc from 'fast-check'
import { addressBytes } from '../icmp/icmp-packet.ts'
import { type Link, linkOf, readLinks } from './links.ts'
import { createNeighbours, type Neighbours } from './neighbours.ts'

const link = (network: string, bits: number): Link => ({
  interface: 'eth0',
  family: network.includes(':') ? 6 : 4,
  network: addressBytes(network)!,
  bits,
  resolveMs: 3000,
})

describe('links', () => {
  it('hold the addresses of their network, and no other', () => {
    const links = [link('198.19.7.1', 20), link('2001:db8:0:10::1', 60)]
    const lies = (address: string) => linkOf(links, addressBytes(address)!) !== undefined
    for (const inside of ['198.19.0.0', '198.19.15.255', '2001:db8:0:1f:ffff::1']) assert.ok(lies(inside), inside)
    for (const outside of ['198.19.16.0', '198.18.255.255', '127.0.0.1', '2001:db8:0:20::', '::1'])
      assert.ok(!lies(outside), outside)
  })

  it('of this machine leave loopback out', () => {
    assert.equal(linkOf(readLinks(), addressBytes('127.0.0.1')!), undefined)
    assert.equal(linkOf(readLinks(), addressBytes('::1')!), undefined)
  })
})

let now = 0
let neighbours: Neighbours
let links = [link('198.19.0.1', 16)]
const pass = (ms: number) => {
  // Small steps, so that the clock and the timers agree.
  for (let step = 0; step < ms; step += 10) {
    now += 10
    mock.timers.tick(10)
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  now = 0
  links = [link('198.19.0.1', 16)]
  neighbours = createNeighbours({ bound: () => 4, links: () => links, monotonic: () => now })
})
afterEach(() => {
  neighbours.close()
  mock.timers.reset()
})

const at = (number: number) => neighbours.of(`198.19.1.${number}`)!

/** Looks at a host that never answers: admitted, one second, nothing. */
const lookInVain = (number: number, onBegin: () => void = () => {}) => {
  const neighbour = at(number)
  const begin = () => {
    onBegin()
    setTimeout(() => neighbours.ended(neighbour, false, 1000), 1000)
  }
  if (neighbours.admit(neighbour)) begin()
  else neighbours.wait(neighbour, begin)
}

describe('neighbours', () => {
  it('that do not answer are asked for a few at once, and the others wait until the kernel has given up', () => {
    const begun: number[] = []
    for (let number = 0; number < 10; number++) lookInVain(number, () => begun.push(number))
    assert.deepEqual([begun.length, neighbours.figures()[0]!.asked, neighbours.figures()[0]!.waiting], [4, 4, 6])
    pass(3300)
    assert.equal(begun.length, 4, 'the look is over, but the kernel still asks')
    pass(200)
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7])
    pass(7000)
    const [{ asked, waiting, waited, lastWaitMs }] = neighbours.figures() as [ReturnType<Neighbours['figures']>[0]]
    assert.deepEqual([begun.length, asked, waiting, waited], [10, 0, 0, 6])
    assert.ok(lastWaitMs >= 6750 && lastWaitMs < 6800, String(lastWaitMs))
  })

  it('that answered last time never wait, and give their place back at once', () => {
    const alive = at(200)
    assert.ok(neighbours.admit(alive))
    neighbours.ended(alive, true, 1000)
    for (let number = 0; number < 10; number++) lookInVain(number)
    assert.ok(neighbours.admit(alive))
    neighbours.ended(alive, true, 1000)
    assert.equal(neighbours.figures()[0]!.asked, 4)
  })

  it('that answered lately go before those that are known to be dead', () => {
    const alive = at(200)
    neighbours.admit(alive)
    neighbours.ended(alive, true, 0)
    for (let number = 0; number < 8; number++) lookInVain(number)
    pass(10_000)
    for (let number = 0; number < 8; number++) lookInVain(number)
    assert.ok(neighbours.admit(alive))
    neighbours.ended(alive, false, 1000)
    const order: string[] = []
    neighbours.wait(at(1), () => order.push('dead'))
    neighbours.wait(alive, () => order.push('alive'))
    pass(3100)
    assert.equal(order[0], 'alive')
  })

  it('that die together are asked for at most once more before they wait', () => {
    for (let number = 0; number < 20; number++) {
      neighbours.admit(at(number))
      neighbours.ended(at(number), true, 0)
    }
    for (let number = 0; number < 20; number++) assert.ok(neighbours.admit(at(number)))
    for (let number = 0; number < 20; number++) neighbours.ended(at(number), false, 1000)
    assert.equal(neighbours.figures()[0]!.asked, 20)
    assert.ok(!neighbours.admit(at(100)), 'nobody else is asked for meanwhile')
    assert.ok(neighbours.admit(at(3)), 'the kernel asks for this one anyway')
  })

  it('of one address share one place, until the last look at it is over', () => {
    const host = at(7)
    assert.ok(neighbours.admit(host) && neighbours.admit(host))
    neighbours.ended(host, false, 1000)
    pass(5000)
    assert.equal(neighbours.figures()[0]!.asked, 1)
    neighbours.ended(host, false, 1000)
    pass(2400)
    assert.equal(neighbours.figures()[0]!.asked, 0)
  })

  it('behind a router are none, and an interface that comes is noticed', () => {
    assert.equal(neighbours.of('192.0.2.1'), undefined)
    assert.equal(neighbours.of('no address'), undefined)
    assert.equal(neighbours.version, 0)
    links = [link('192.0.2.9', 24)]
    pass(30_000)
    assert.equal(neighbours.version, 1)
    assert.ok(neighbours.of('192.0.2.1'))
    assert.equal(neighbours.of('198.19.1.1'), undefined)
  })

  it('never take more places than there are, whatever happens, and none is lost', () => {
    const step = fc.record({ number: fc.nat(30), answered: fc.constantFrom(true, false, undefined), wait: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        neighbours.close()
        neighbours = createNeighbours({ bound: () => 4, links: () => links, monotonic: () => now })
        let dying = 0
        for (const { number, answered, wait } of steps) {
          const host = at(number)
          const begin = () => {
            setTimeout(() => {
              // Also one that another look found answering meanwhile.
              if (host.answering && answered === false) dying++
              neighbours.ended(host, answered, 100)
            }, 100)
          }
          if (neighbours.admit(host)) begin()
          else {
            const waiting = neighbours.wait(host, begin)
            if (wait === 0) neighbours.leave(waiting)
          }
          pass(wait * 10)
          assert.ok(neighbours.figures()[0]!.asked <= 4 + dying)
        }
        pass(200_000 / 4)
        const [{ asked, waiting }] = neighbours.figures() as [ReturnType<Neighbours['figures']>[0]]
        return asked === 0 && waiting === 0
      }),
      { numRuns: 30 },
    )
  })
})
