import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { withAddressFacts } from '#core/event/address-facts.ts'
import { writeMaxmind } from '../../../test/fixtures/maxmind-writer.ts'
import { createAddressFacts } from './address-facts.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-address-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const country = (code: string) => writeMaxmind({ '203.0.113.0/24': { country: { iso_code: code } } })

describe('facts of addresses', () => {
  it('tells country and owner, in the shapes that databases use', () => {
    const [countryFile, ownerFile] = [join(folder, 'country.mmdb'), join(folder, 'owner.mmdb')]
    writeFileSync(
      countryFile,
      writeMaxmind({
        '203.0.113.0/24': { country: { iso_code: 'AR' } },
        '198.51.100.0/24': { registered_country: { iso_code: 'CL' } },
        '192.0.2.0/24': { country_code: 'uy' },
        '192.0.3.0/24': { country: 'BR' },
        '192.0.4.0/24': { country: 'Brazil' },
      }),
    )
    writeFileSync(
      ownerFile,
      writeMaxmind({
        '203.0.113.0/24': { autonomous_system_number: 64_500, autonomous_system_organization: 'Example ISP' },
        '198.51.100.0/24': { asn: 'AS64501', as_name: 'Other' },
        '192.0.2.0/24': { autonomous_system_number: 7018, isp: 'Example Services' },
      }),
    )
    const facts = createAddressFacts({ countryFile, ownerFile })
    assert.deepEqual(facts.of('203.0.113.7'), { country: 'AR', owner: 'Example ISP', asn: 64_500 })
    assert.deepEqual(facts.of('198.51.100.7'), { country: 'CL', owner: 'Other', asn: 64_501 })
    assert.deepEqual(
      [facts.of('192.0.2.1'), facts.of('192.0.3.1'), facts.of('192.0.4.1'), facts.of('10.0.0.1')],
      [{ country: 'UY', owner: 'Example Services', asn: 7018 }, { country: 'BR' }, {}, {}],
    )
    assert.deepEqual(facts.of('203.0.113.0/24'), facts.of('203.0.113.7'), 'a network')
    assert.deepEqual(facts.available(), { country: true, owner: true })
  })

  it('tells no country of an address that is another machine at each site, whatever a database says', () => {
    const [countryFile, ownerFile] = [join(folder, 'all.mmdb'), join(folder, 'own.mmdb')]
    writeFileSync(countryFile, writeMaxmind({ '0.0.0.0/0': { country_code: 'AU' } }))
    writeFileSync(ownerFile, writeMaxmind({ '10.7.0.0/24': { name: 'POP-07' } }))
    const facts = createAddressFacts({ countryFile, ownerFile })
    for (const ip of ['192.168.1.1', '172.16.0.0/12', '100.64.3.2', '127.0.0.1', '169.254.1.1', '::ffff:10.0.0.1'])
      assert.deepEqual(facts.of(ip), {}, ip)
    assert.deepEqual(facts.of('10.7.0.5'), { owner: 'POP-07' })
    assert.deepEqual(facts.of('172.32.0.1'), { country: 'AU' })
  })

  it('takes up a newer file, and keeps the old one while the newer is damaged', () => {
    const countryFile = join(folder, 'changing.mmdb')
    const troubles: string[] = []
    let now = 0
    const replace = (bytes: Buffer) => {
      writeFileSync(`${countryFile}.new`, bytes)
      renameSync(`${countryFile}.new`, countryFile)
      now += 60_000
    }
    const facts = createAddressFacts({
      countryFile,
      monotonic: () => now,
      onTrouble: (message) => troubles.push(message),
    })
    assert.deepEqual(facts.of('203.0.113.7'), {})
    assert.match(troubles[0]!, /does not exist/)
    replace(country('AR'))
    assert.deepEqual(facts.of('203.0.113.7'), { country: 'AR' })
    replace(Buffer.from('half a file'))
    assert.deepEqual(facts.of('203.0.113.7'), { country: 'AR' })
    assert.match(troubles[1]!, /no MaxMind database.*stays in use/)
    replace(country('CL'))
    assert.deepEqual(facts.of('203.0.113.7'), { country: 'CL' })
  })

  it('adds to an event what its sender did not say', () => {
    const event = {
      type: 'custom',
      source: 'api',
      severity: 'LOW' as const,
      subject: 'x',
      at: 1,
      receivedAt: 1,
      monitorId: null,
    }
    const factsOf = () => ({ country: 'AR', owner: 'Example ISP' })
    const added = withAddressFacts({ ...event, data: { ip: '203.0.113.7', country: 'CN' } }, factsOf)
    assert.deepEqual(added.data, { ip: '203.0.113.7', country: 'CN', owner: 'Example ISP' })
    assert.deepEqual(withAddressFacts({ ...event, data: {} }, factsOf).data, {})
  })
})
