import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { inEnglish } from '#templates/said.ts'
import { createCutOff, isOnThisMachine, mayComeOfCutOff } from './cut-off.ts'

describe('a machine whose interfaces have no link', () => {
  let folder: string
  let now: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-net-'))
    now = 0
    link('lo', '1')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const link = (name: string, carrier: string, device = false) => {
    mkdirSync(join(folder, name, ...(device ? ['device'] : [])), { recursive: true })
    writeFileSync(join(folder, name, 'carrier'), `${carrier}\n`)
  }
  const cutOff = () => createCutOff(() => now, folder)

  it('is told by its devices, whatever bridges and containers say', () => {
    link('eth0', '0', true)
    link('docker0', '1')
    assert.match(inEnglish(cutOff().reason()!), /no network interface of this machine has a link \(eth0\)/)
    link('eth1', '1', true)
    assert.equal(cutOff().reason(), undefined)
  })

  it('is none while a modem or a tunnel may lead out', () => {
    link('eth0', '0', true)
    link('ppp0', '1')
    writeFileSync(join(folder, 'ppp0', 'type'), '512\n')
    assert.equal(cutOff().reason(), undefined)
  })

  it('is told by all but loopback in a container', () => {
    assert.equal(cutOff().reason(), undefined, 'none but loopback: nothing to say')
    link('eth0', '')
    assert.ok(cutOff().reason())
    link('eth0', '1')
    assert.equal(cutOff().reason(), undefined)
    assert.equal(createCutOff(() => now, join(folder, 'nowhere')).reason(), undefined)
  })

  it('stays so for a while after a link has come back, and is asked for once a second', () => {
    link('eth0', '0')
    const one = cutOff()
    assert.equal(one.standing(), undefined, 'nobody has failed yet')
    assert.ok(one.reason())
    link('eth0', '1')
    now = 9999
    assert.ok(one.standing())
    now = 11_000
    assert.equal(one.standing(), undefined)
    link('eth0', '0')
    assert.equal(one.reason(), undefined, 'known since less than a second')
    now = 12_000
    assert.ok(one.reason())
  })

  it('has no part in what was answered, nor in its own services', () => {
    assert.deepEqual((['timeout', 'no_route', 'refused', 'status_mismatch'] as const).map(mayComeOfCutOff), [
      true,
      true,
      false,
      false,
    ])
    assert.deepEqual([['127.0.0.1'], ['localhost', '::1'], ['192.0.2.1'], []].map(isOnThisMachine), [
      true,
      true,
      false,
      false,
    ])
  })
})
