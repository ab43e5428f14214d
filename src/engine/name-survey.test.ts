import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createNameFiles } from '../../test/fixtures/servers/dns-server.ts'
import { surveyNames } from './name-survey.ts'

const found = (t: TestContext, texts: Parameters<typeof createNameFiles>[0]) => {
  const { files, remove } = createNameFiles(texts)
  t.after(remove)
  const { found, advice } = surveyNames(files)
  return { found: found.replaceAll(files.hosts, '/etc/hosts').replaceAll(files.resolvConf, '/etc/resolv.conf'), advice }
}

describe('how names are looked up, in words', () => {
  it('names the hosts file, the servers and what is set', (t) => {
    const said = found(t, {
      resolvConf: 'nameserver 10.0.0.53\nnameserver fe80::1%eth0\nsearch isp.example\noptions ndots:2 timeout:1\n',
      hosts: '127.0.0.1 localhost\n192.0.2.1 core-1 core-1.isp.example\n',
      nsswitch: 'hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname\n',
    })
    assert.equal(
      said.found,
      '/etc/hosts (3 names), then DNS at 10.0.0.53, fe80::1%eth0 by /etc/resolv.conf, search isp.example, ndots 2, time-out 1 s; sources: files mdns4_minimal dns myhostname',
    )
    assert.equal(said.advice, undefined)
  })

  it('says when the system itself must be asked, and why', (t) => {
    const said = found(t, { hosts: '127.0.0.1 localhost\n', nsswitch: 'hosts: files resolve [!UNAVAIL=return] dns\n' })
    assert.equal(
      said.found,
      '/etc/hosts (1 name), then the system’s own resolver, in a process of its own, because of the source resolve; sources: files resolve dns',
    )
    assert.equal(said.advice === undefined, process.platform !== 'linux')
  })
})
