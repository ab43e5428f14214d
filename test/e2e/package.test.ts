import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

describe('the packed archive, installed in an empty folder', { timeout: 110_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-package-'))
  const installed = join(folder, 'node_modules/vigia')
  const vigia = join(folder, 'node_modules/.bin/vigia')
  let missing: string | false = false

  before(async () => {
    await run(process.execPath, [join(ROOT, 'package/build.ts')], { cwd: ROOT })
    // The page is built already, or the package goes without.
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT })
    const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    writeFileSync(join(folder, 'package.json'), '{}')
    const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${archive}`]
    // A registry that does not answer is not what is tried here.
    await run('npm', install, { cwd: folder, timeout: 75_000 }).catch((error) => {
      missing = `npm could not install the archive here: ${String(error.stderr || error.message).slice(0, 300)}`
    })
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('holds the program, the page, examples, models and documents, and no tests or sources', (context) => {
    if (missing) return context.skip(missing)
    for (const part of ['bin', 'dist/server', 'examples', 'schema', 'models', 'docs', 'README.md', 'LICENSE'])
      assert.ok(existsSync(join(installed, part)), part)
    for (const part of ['src', 'test', 'bench', 'drill']) assert.ok(!existsSync(join(installed, part)), part)
  })

  it('checks a target', async (context) => {
    if (missing) return context.skip(missing)
    const failed = await run(vigia, ['check', 'tcp://127.0.0.1:1', '--json']).catch((error) => error)
    assert.equal(failed.code, 1)
    assert.equal(JSON.parse(failed.stdout).error.code, 'refused')
  })

  it('keeps the code of a program that ran, for itself alone, and runs on where that is damaged', async (context) => {
    if (missing) return context.skip(missing)
    const cache = join(folder, 'cache')
    const check = async () => {
      const env = { ...process.env, NODE_COMPILE_CACHE: cache }
      const failed = await run(vigia, ['check', 'tcp://127.0.0.1:1', '--json'], { env }).catch((error) => error)
      assert.equal(JSON.parse(failed.stdout).error.code, 'refused')
    }
    await check()
    const names = readdirSync(cache, { recursive: true, encoding: 'utf8' })
    const kept = join(cache, names.find((name) => name.endsWith('-check'))!)
    const whole = readFileSync(kept)
    assert.equal(statSync(kept).mode & 0o777, 0o600)
    await check()
    assert.deepEqual(readFileSync(kept), whole, 'taken as it is')
    for (const spoilt of [
      Buffer.alloc(0),
      whole.subarray(0, whole.length / 2),
      Buffer.from(whole).fill(0xff, 20_000),
    ]) {
      writeFileSync(kept, spoilt)
      await check()
      assert.equal(readFileSync(kept).length > whole.length / 2 && !readFileSync(kept).equals(spoilt), true)
    }
    chmodSync(kept, 0o666)
    await check()
    assert.equal(statSync(kept).mode & 0o777, 0o600, 'what others may have written is not read')
  })

  it('serves the page and the API, with its threads', async (context) => {
    if (missing) return context.skip(missing)
    const server = spawn(vigia, ['serve', '--port', '0', '--data', join(folder, 'data')], { cwd: folder })
    let log = ''
    const address = await new Promise<string>((found, failed) => {
      server.stderr.on('data', (part) => {
        log += part
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0]
        if (url) found(url)
      })
      server.once('exit', () => failed(new Error(log)))
    })
    const ended = new Promise((done) => server.once('exit', done))
    try {
      for (;;) {
        const ready = await fetch(`${address}/readyz`)
        if (ready.ok) break
        await new Promise((later) => setTimeout(later, 100))
      }
      assert.equal((await fetch(`${address}/sign-in`)).status, 200)
    } finally {
      server.kill('SIGTERM')
    }
    assert.equal(await ended, 0, log)
  })

  it('shows the demonstration: mail and webhook of an outage and its end', async (context) => {
    if (missing) return context.skip(missing)
    const { stdout } = await run(vigia, ['demo'])
    assert.match(stdout, /Subject: DOWN shop[\s\S]*Subject: RECOVERED shop/)
  })

  it('says so where its program, or a part of it, is missing', async (context) => {
    if (missing) return context.skip(missing)
    const build = join(installed, 'dist/server')
    const parts = ['program.mjs', readdirSync(build).find((name) => /^check-[^.]*\.cjs$/.test(name))!]
    for (const part of parts) {
      renameSync(join(build, part), join(folder, part))
      const { code, stderr } = await run(vigia, ['check', 'tcp://127.0.0.1:1']).catch((error) => error)
      assert.equal(code, 2)
      assert.match(stderr, /^vigia: .*is missing: this package is not whole\. .*npm run build.*\n$/)
      renameSync(join(folder, part), join(build, part))
    }
    renameSync(join(installed, 'dist/server'), join(installed, 'dist/away'))
    const failed = await run(vigia, ['check', 'tcp://127.0.0.1:1']).catch((error) => error)
    assert.equal(failed.code, 2)
    assert.match(failed.stderr, /dist\/server is missing.*npm run build/s)
  })
})
