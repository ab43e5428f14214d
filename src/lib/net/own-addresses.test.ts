import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { addressesOfTables, ownAddresses } from './own-addresses.ts'

describe('own addresses', () => {
  it('are read from the tables of the kernel, each once', () => {
    const routes = `Main:
     |-- 127.0.0.0
        /8 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 192.0.2.2
        /32 host LOCAL
     |-- 192.0.2.255
        /32 link BROADCAST
Local:
     |-- 192.0.2.2
        /32 host LOCAL
`
    const inet6 = `00000000000000000000000000000001 01 80 10 80       lo
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
`
    assert.deepEqual(addressesOfTables(routes, inet6), ['127.0.0.1', '192.0.2.2', '::1', 'fe80::fc:ff:fe00:1'])
    assert.deepEqual(addressesOfTables('', ''), [])
  })

  it('are the same by either way', { skip: process.platform !== 'linux' && 'reads tables of Linux' }, () => {
    const tables = ['fib_trie', 'if_inet6'].map((name) => readFileSync(`/proc/net/${name}`, 'utf8'))
    assert.deepEqual(addressesOfTables(tables[0]!, tables[1]!).toSorted(), [...new Set(ownAddresses())].toSorted())
  })
})
