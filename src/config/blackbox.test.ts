import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseBlackboxModules } from './blackbox.ts'
import { problemText } from './source.ts'

const read = (text: string) => {
  const { modules, problems } = parseBlackboxModules(text, 'blackbox.yml')
  return { modules, problems: problems.map(problemText) }
}

describe('modules of a blackbox.yml', () => {
  it('have the defaults of the original', () => {
    const { modules } = read(
      'modules: { web: { prober: http }, up: { prober: tcp }, ns: { prober: dns, dns: { query_name: a.example } } }',
    )
    const [web, up, ns] = [modules.get('web')!, modules.get('up')!, modules.get('ns')!]
    assert.ok(web.prober === 'http' && up.prober === 'tcp' && ns.prober === 'dns')
    assert.deepEqual(
      [web.http.preferred, web.http.fallback, web.http.method, web.http.followRedirects],
      [6, true, 'GET', true],
    )
    assert.deepEqual([up.tcp.secure, up.tcp.steps, up.tcp.tls.verify], [false, [], true])
    assert.deepEqual([ns.dns.type, ns.dns.transport, ns.dns.recursion], ['ANY', 'udp', true])
  })

  it('a dollar sign stands for itself', () => {
    const { modules } = read(
      "modules: { irc: { prober: tcp, tcp: { query_response: [{ expect: 'PING :(.*)', send: 'PONG ${1}' }] } } }",
    )
    const irc = modules.get('irc')!
    assert.ok(irc.prober === 'tcp')
    assert.equal(irc.tcp.steps[0]!.send, 'PONG ${1}')
  })

  it('credentials become a header', () => {
    const header = (http: string) => {
      const module = read(`modules: { a: { prober: http, http: ${http} } }`).modules.get('a')!
      assert.ok(module.prober === 'http')
      return module.http.headers.authorization
    }
    assert.equal(header('{ basic_auth: { username: ana, password: secreto } }'), 'Basic YW5hOnNlY3JldG8=')
    assert.equal(header('{ bearer_token: t0k }'), 'Bearer t0k')
    assert.equal(header('{ authorization: { credentials: t0k } }'), 'Bearer t0k')
  })

  it('what cannot be honoured is named by its place, and the other modules stay', () => {
    const { modules, problems } = read(
      'modules:\n  web: { prober: http }\n  rpc: { prober: grpc }\n  via: { prober: http, http: { proxy_url: "http://p" } }\n',
    )
    assert.deepEqual([...modules.keys()], ['web'])
    assert.match(problems[0]!, /^blackbox\.yml:3:\d+: prober: grpc is not known/)
    assert.match(problems[1]!, /^blackbox\.yml:4:\d+: proxy_url is not known here/)
  })

  it('refuses patterns that are none, unknown record types and files that are not there', () => {
    for (const [module, words] of [
      ['{ prober: tcp, tcp: { query_response: [{ expect: "(" }] } }', /expect: \( is not a regular expression/],
      ['{ prober: http, http: { fail_if_body_matches_regexp: ["a(?=b)"] } }', /fail_if_body_matches_regexp/],
      ['{ prober: dns, dns: { query_name: a, query_type: WHAT } }', /WHAT is not known/],
      ['{ prober: dns }', /dns: is missing/],
      ['{ prober: http, http: { tls_config: { ca_file: no.pem } } }', /no\.pem cannot be read: ENOENT/],
      ['{ prober: http, timeout: soon }', /not a duration/],
    ] as const)
      assert.match(read(`modules: { a: ${module} }`).problems.join('\n'), words)
  })

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.json(), (text) => void read(`modules: ${text}`)),
      { numRuns: 200 },
    )
    for (const text of ['', '[]', 'modules:', 'modules: []', ': :', 'a: b']) read(text)
  })
})
