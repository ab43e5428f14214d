import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { MARK, serviceFiles } from './files.ts'
import { foreignFiles, unreachable } from './look.ts'
import { quoted } from './unit.ts'

const analyzer = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0
const missing = analyzer ? false : 'systemd-analyze is not there (apt-get install systemd)'

const files = serviceFiles({
  command: [process.execPath, '--v8-pool-size=1', '/opt/a b/100%/vigia.mjs'],
  user: 'vigia',
  configuration: '/etc',
  data: '/var/lib',
  logGroups: ['adm'],
  bans: true,
})

const inFolder = <T>(work: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-unit-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('the units of the service', () => {
  it('are taken by systemd, and leave little open', { skip: missing }, () =>
    inFolder((folder) => {
      const units = files
        .filter(({ path }) => path.startsWith('/etc/systemd'))
        .map(({ path, text }) => {
          const unit = join(folder, basename(path))
          writeFileSync(unit, text)
          return unit
        })
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' })
      assert.deepEqual([status, stderr.split('\n').filter((line) => line.includes(folder))], [0, []])
      for (const unit of units.filter((one) => one.endsWith('.service')))
        execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=25', unit], { stdio: 'pipe' })
    }),
  )

  it('keep the helper for bans from all that the server is kept from, and from the network', () => {
    const closed = files
      .filter(({ path }) => path.endsWith('.service'))
      .map(({ text }) =>
        text.split('\n').filter((line) => /^(Protect|Private|Restrict|Lock|System|Device|Remove)/.test(line)),
      )
    const [server, helper] = closed as [string[], string[]]
    const alone = (ours: string[], others: string[]) => ours.filter((line) => !others.includes(line))
    const families = 'RestrictAddressFamilies='
    assert.deepEqual(alone(server, helper), ['RemoveIPC=yes', `${families}AF_INET AF_INET6 AF_UNIX AF_NETLINK`])
    assert.deepEqual(alone(helper, server), ['PrivateNetwork=yes', `${families}AF_UNIX`])
    assert.equal(server.length, 22)
  })

  it('keep words of a command line whole', () => {
    assert.equal(quoted('/usr/bin/node'), '/usr/bin/node')
    assert.equal(quoted('a b'), '"a b"')
    assert.equal(quoted('100% of "$x" \\'), '"100%% of \\"$$x\\" \\\\"')
  })

  it('are known as ours by their first line, and nothing else is', () =>
    inFolder((folder) => {
      const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')]
      for (const { text } of files) assert.ok(text.startsWith(`${MARK}\n`))
      writeFileSync(ours, files[0]!.text)
      writeFileSync(theirs, '[Unit]\n')
      assert.deepEqual(foreignFiles([ours, theirs, join(folder, 'none')]), [theirs])
    }))

  it('run nothing that their account could not read', () => {
    assert.match(unreachable(['/root/x/vigia.mjs'])!, /is below \/root, which a service does not see/)
    assert.match(unreachable(['/home/ana/node'])!, /below \/home/)
    assert.equal(unreachable(['/usr/bin/env', '/opt/not-there/yet']), undefined)
  })
})
