import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { banServiceUnit, banSocketUnit } from '../src/cli/service/ban-units.ts'
import { receiveBufferSysctl, sysusersEntry } from '../src/cli/service/files.ts'
import { serviceUnit } from '../src/cli/service/unit.ts'

/**
 * Makes a Debian package of the program with its own Node: `npm run package:deb [-- --arch arm64] [--out FOLDER]`. Any Linux
 * with dpkg-deb makes that of any architecture, for npm fetches the parts that are compiled.
 */

const ROOT = resolve(import.meta.dirname, '..')
/** Debian's name of an architecture, and Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64' }
const HOME = '/usr/lib/vigia'
const USER = 'vigia'
/** Libraries that its Node is linked against (a minimal system lacks libatomic), and what the scripts use. */
const DEPENDS = 'libc6 (>= 2.28), libstdc++6, libgcc-s1, libatomic1, systemd, util-linux'

const run = (program: string, args: readonly string[], cwd = ROOT): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

const put = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

const sizeOf = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : statSync(path).size

/** The package as npm would install it on that architecture, below `home`. */
const installProgram = (home: string, cpu: string, work: string): void => {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work])
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'))
  if (archive === undefined) throw new Error('npm packed nothing')
  const folder = join(work, 'installed')
  put(join(folder, 'package.json'), '{}')
  const target = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc']
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...target, join(work, archive)], folder)
  mkdirSync(dirname(home), { recursive: true })
  renameSync(join(folder, 'node_modules'), join(home, 'node_modules'))
}

/** Of Node only what runs, and its licence. */
const keepNodeAlone = (home: string, cpu: string): string => {
  const modules = join(home, 'node_modules')
  const name = [`node-linux-${cpu}`, `node-bin-linux-${cpu}`].find((one) => existsSync(join(modules, one)))
  if (name === undefined) throw new Error(`npm brought no Node for linux-${cpu}`)
  for (const part of readdirSync(join(modules, name)))
    if (!['bin', 'LICENSE', 'package.json'].includes(part)) rmSync(join(modules, name, part), { recursive: true })
  const known = new Set(['vigia', 'koffi', '@koromix', name, '.package-lock.json'])
  for (const part of readdirSync(modules)) if (!known.has(part)) rmSync(join(modules, part), { recursive: true })
  return `${HOME}/node_modules/${name}/bin/node`
}

const copyright = (home: string, node: string): string =>
  [
    `Vigia\n\n${readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim()}`,
    ...['vigia/dist/server/THIRD-PARTY-LICENSES.txt', 'koffi/LICENSE.txt'].flatMap((part) => {
      const path = join(home, 'node_modules', part)
      return existsSync(path) ? [readFileSync(path, 'utf8').trim()] : []
    }),
    `Node.js\n\n${readFileSync(node, 'utf8').trim()}`,
  ].join(`\n\n${'='.repeat(80)}\n\n`)

const control = (version: string, architecture: string, bytes: number): string => `Package: vigia
Version: ${version}
Architecture: ${architecture}
Maintainer: The Vigia authors <security@vigia.invalid>
Installed-Size: ${Math.ceil(bytes / 1024)}
Depends: ${DEPENDS}
Suggests: fail2ban, postgresql
Section: net
Priority: optional
Description: self-hosted monitoring: watch a network, tell people what matters
 Hosts and services (ICMP, TCP, HTTP, DNS, push), events of fail2ban, Zeek and
 other programs, rules, alerts and messages that are neither lost nor doubled,
 with a page and metrics for Prometheus. Brings its own Node.
`

const units = (root: string, command: readonly string[]): void => {
  const unit = join(root, 'lib/systemd/system')
  const place = { command, user: USER, configuration: '/etc/vigia', data: '/var/lib/vigia', logGroups: ['adm'] }
  put(join(unit, 'vigia.service'), serviceUnit(place))
  put(join(unit, 'vigia-bans.socket'), banSocketUnit(USER))
  put(join(unit, 'vigia-bans@.service'), banServiceUnit(command))
  put(join(root, 'usr/lib/sysusers.d/vigia.conf'), sysusersEntry(place))
  put(join(root, 'usr/lib/sysctl.d/60-vigia.conf'), receiveBufferSysctl)
}

const documents = (root: string, home: string, node: string): void => {
  const folder = join(root, 'usr/share/doc/vigia')
  mkdirSync(folder, { recursive: true })
  for (const part of ['docs', 'examples', 'schema']) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  for (const name of ['README.md', 'README.es.md', 'CHANGELOG.md']) copyFileSync(join(ROOT, name), join(folder, name))
  put(join(folder, 'copyright'), copyright(home, join(root, dirname(dirname(node)), 'LICENSE')))
}

const build = (architecture: string, out: string): string => {
  const cpu = ARCHITECTURES[architecture]
  if (cpu === undefined) throw new Error(`--arch ${architecture}: not one of ${Object.keys(ARCHITECTURES).join(', ')}`)
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const work = mkdtempSync(join(tmpdir(), 'vigia-deb-'))
  try {
    const root = join(work, 'root')
    const home = join(root, HOME)
    mkdirSync(home, { recursive: true })
    installProgram(home, cpu, work)
    const node = keepNodeAlone(home, cpu)
    const command = [node, '--v8-pool-size=1', `${HOME}/node_modules/vigia/bin/vigia.mjs`]
    put(join(root, 'usr/bin/vigia'), `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, 0o755)
    units(root, command)
    documents(root, home, node)
    for (const script of ['preinst', 'postinst', 'prerm', 'postrm'])
      put(join(root, 'DEBIAN', script), readFileSync(join(ROOT, 'package/debian', script), 'utf8'), 0o755)
    put(join(root, 'DEBIAN/control'), control(version, architecture, sizeOf(join(root, 'usr'))))
    run('chmod', ['-R', 'u+rwX,go+rX,go-w', root])
    const file = join(out, `vigia_${version}_${architecture}.deb`)
    mkdirSync(out, { recursive: true })
    run('dpkg-deb', ['--root-owner-group', '--build', root, file])
    return file
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const { values } = parseArgs({
  options: { arch: { type: 'string', default: 'amd64' }, out: { type: 'string', default: join(ROOT, 'dist') } },
})
console.log(build(values.arch, resolve(values.out)))
