import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { parseDocument } from 'yaml'

const ROOT = resolve(import.meta.dirname, '../..')
const documents = globSync(['*.md', 'docs/**/*.md', 'findings/*.md', 'examples/**/*.md'], { cwd: ROOT }).sort()

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '`code`')

/** The anchor that a heading gets where documents are shown: lower case, blanks as hyphens, marks left out. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
      anchorOf(heading!.replaceAll('`', '')),
    ),
  )

describe('the documents', () => {
  it('lead to what is there', () => {
    const broken = documents.flatMap((document) =>
      [...withoutCode(textOf(document)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
        if (/^[a-z]+:/i.test(link!)) return []
        const [path = '', anchor] = link!.split('#')
        const target = path === '' ? document : relative(ROOT, resolve(ROOT, dirname(document), decodeURI(path)))
        const isThere = existsSync(join(ROOT, target))
        const isFound = anchor === undefined || (isThere && anchorsOf(textOf(target)).has(decodeURI(anchor)))
        return isThere && isFound ? [] : [`${document}: ${link}`]
      }),
    )
    assert.deepEqual(broken, [])
  })

  it('show YAML that is YAML', () => {
    const wrong = documents.flatMap((document) =>
      [...textOf(document).matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].flatMap(([, block]) => {
        const { errors } = parseDocument(block!, { uniqueKeys: false })
        return errors.map(({ message }) => `${document}: ${message}`)
      }),
    )
    assert.deepEqual(wrong, [])
  })

  it('name options that their commands have', () => {
    const files = new Map(
      [...textOf('src/cli/index.ts').matchAll(/^ {2}'?([a-z-]+)'?: \{[\s\S]*?import\('\.\/([\w-]+)\.ts'\)/gm)].map(
        ([, command, file]) => [command!, textOf(`src/cli/${file}.ts`)] as const,
      ),
    )
    const guides = documents.filter((document) => /troubleshooting|moving/.test(document))
    const wrong = guides.flatMap((document) =>
      [...textOf(document).matchAll(/`(?:npx )?vigia ([a-z-]+)([^`\n]*)`/g)].flatMap(([, command, rest]) =>
        [...rest!.matchAll(/--[a-z-]+/g)].flatMap(([option]) =>
          files.get(command!)?.includes(`${option}`) ? [] : [`${document}: vigia ${command} ${option}`],
        ),
      ),
    )
    assert.ok(files.size > 15 && guides.length === 4)
    assert.deepEqual(wrong, [])
  })

  it('name commands that there are', () => {
    const known = new Set(
      [...textOf('src/cli/index.ts').matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, command]) => command!),
    )
    const words = documents.flatMap((document) =>
      [...textOf(document).matchAll(/(?:^|`)(?:npx )?vigia ([a-z][a-z-]+)(?=[\s`[\]])/gm)].map(
        ([, command]) => [document, command!] as const,
      ),
    )
    assert.ok(known.size > 15)
    assert.deepEqual(
      words.filter(([, command]) => !known.has(command)).map(([document, command]) => `${document}: vigia ${command}`),
      [],
    )
  })

  /** As `git ls-files` would list them, without what is not of the repository. */
  const sources = globSync(
    ['{src,web/src,test,bench,drill,evaluation,messages,package,parity}/**/*.{ts,tsx,mjs}', 'bin/*'],
    {
      cwd: ROOT,
      exclude: ['**/node_modules/**'],
    },
  )

  it('name, of the architecture, files and folders that there are', () => {
    const named = [...textOf('docs/architecture.md').matchAll(/[\w-][\w./-]*\.(?:ts|tsx|mjs)\b/g)].map(([name]) => name)
    const isThere = (name: string) => sources.some((path) => path === name || path.endsWith(`/${name}`))
    assert.ok(named.length > 100)
    assert.deepEqual(
      named.filter((name) => !isThere(name)),
      [],
    )
  })

  it('name every folder of the rooms, but those of one type or tool', () => {
    const text = textOf('docs/architecture.md')
    const folders = globSync('src/*/*/', { cwd: ROOT }).map((path) => path.split('/').slice(1, 3) as [string, string])
    const ofOne = new Set(['channels', 'importers'])
    assert.ok(folders.length > 40)
    assert.deepEqual(
      folders.filter(([room, name]) => !ofOne.has(room) && !new RegExp(`(?<![\\w-])${name}/`).test(text)),
      [],
    )
  })
})
