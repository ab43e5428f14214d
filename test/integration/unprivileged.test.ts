import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { inEnglish } from '#templates/said.ts'
import { productForOthers } from '../fixtures/for-others.ts'
import { LOOPBACKS, lacksOwnNetwork, mayBecomeNobody, NOBODY } from '../fixtures/machine.ts'

/** Another user, who may gain no privilege by any program. */
const BECOME_NOBODY = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups']
const NOBODY_WITHOUT_MORE = [...BECOME_NOBODY, '--no-new-privs']
const PING_ONCE = 'test/fixtures/ping-once.ts'
const LAUNCHER = 'bin/vigia.mjs'

const skip = lacksOwnNetwork('setpriv') || (!mayBecomeNobody() && 'needs the right to become another user')
const product = skip ? undefined : productForOthers()
after(() => product?.remove())

/** Output as JSON, and status, in a network of its own, whose ping sockets are for this range of groups. */
const endIn = (
  range: string,
  [program, ...args]: readonly [string, ...string[]],
  who: readonly string[] = NOBODY_WITHOUT_MORE,
) => {
  const set = `ip link set lo up && sysctl -qw net.ipv4.ping_group_range="${range}" && exec "$@"`
  const run = [product!.node, join(product!.folder, program), ...args]
  const command = ['-n', 'sh', '-c', set, 'sh', 'setpriv', ...who, ...run]
  const { stdout, stderr, status } = spawnSync('unshare', command, { encoding: 'utf8', cwd: '/' })
  assert.ok(/^[{[]/.test(stdout), `no JSON, but ${stdout}${stderr}`)
  return { output: JSON.parse(stdout), status }
}
const inNetwork = (range: string, args: readonly [string, ...string[]]) => endIn(range, args).output

const finding = (findings: readonly { check: string; level: string; found: string }[], check: string) =>
  findings.find((one) => one.check === check)!

describe('a user without privileges', { skip }, () => {
  it('pings by sockets where its group may', () => {
    const { method, replies } = inNetwork('0 2147483647', [PING_ONCE, 'any', ...LOOPBACKS])
    assert.equal(method, 'dgram')
    for (const { rtts } of replies) assert.ok(rtts.length === 3 && rtts.every((rtt: number | null) => rtt !== null))
    const findings = inNetwork('0 2147483647', [LAUNCHER, 'doctor', '--json'])
    assert.equal(finding(findings, 'ping over IPv4').level, 'ok')
    assert.match(finding(findings, 'ping range').found, /this one too$/)
  })

  it('hears that it may not ping at all, and never that a host is down', () => {
    const { method, replies } = inNetwork('1 0', [PING_ONCE, 'any', '127.0.0.1'])
    assert.equal(method, 'command')
    assert.equal(replies[0].ownFault.code, 'no_permission')
    assert.match(inEnglish(replies[0].ownFault.cause), /CAP_NET_RAW/)
  })

  it('hears the same where the ping command may not even be run', () => {
    // A program that is to have a capability which this process may never have is refused by the kernel (EPERM).
    const bounded = [...BECOME_NOBODY, '--bounding-set', '-all']
    const { output, status } = endIn('1 0', [PING_ONCE, 'any', '127.0.0.1'], bounded)
    assert.equal(status, 0)
    assert.deepEqual([output.method, output.replies[0].ownFault?.code], ['command', 'no_permission'])
  })

  it('hears from the doctor what is so and what to do', () => {
    const { output: findings, status } = endIn('1 0', [LAUNCHER, 'doctor', '--json'])
    assert.match(finding(findings, 'privileges').found, /^user 65534, no network capabilities; it may gain none/)
    const { level, advice } = findings.find(({ check }: { check: string }) => check === 'ping over IPv4')
    assert.deepEqual([status, level], [1, 'problem'])
    assert.match(advice, /AmbientCapabilities=CAP_NET_RAW/)
    assert.doesNotMatch(advice, /setcap/, 'which would not count here')
  })
})

describe('the ping command alone', { skip: spawnSync('ping', ['-V']).error && 'needs the ping command' }, () => {
  it('serves where no socket may be opened', () => {
    const { method, replies } = JSON.parse(
      execFileSync(
        process.execPath,
        [resolve(import.meta.dirname, '../..', PING_ONCE), 'command', '127.0.0.1', '224.0.0.1'],
        { encoding: 'utf8' },
      ),
    )
    assert.equal(method, 'command')
    assert.ok(replies[0].ownFault || replies[0].rtts.filter((rtt: number | null) => rtt !== null).length === 3)
    assert.equal(replies[1].icmpError.code, 'bad_address')
  })

  it('that is not there is told with the way out', () => {
    const { replies } = JSON.parse(
      execFileSync(process.execPath, [resolve(import.meta.dirname, '../..', PING_ONCE), 'command', '127.0.0.1'], {
        encoding: 'utf8',
        env: { ...process.env, PATH: '/nowhere' },
      }),
    )
    assert.equal(replies[0].ownFault.code, 'no_permission')
    assert.match(inEnglish(replies[0].ownFault.cause), /install iputils-ping/)
  })
})
