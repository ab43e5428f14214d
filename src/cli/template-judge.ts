import { readFile } from 'node:fs/promises'
import type { LoadDeps } from '#config/load.ts'
import type { WantedRule } from '#config/rules.ts'
import type { Language } from '#core/message/message.ts'
import type { TemplateFence } from '#templates/jinja/fence.ts'
import { PARTS } from '#templates/jinja/parts.ts'

/** What looks through the templates of a file. It is loaded only for a file that has some. */
export const templateJudge = async (path: string): Promise<Pick<LoadDeps, 'templateFault'>> => {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (!/\btemplates\b/.test(text)) return {}
  const { templateFault } = await import('#templates/jinja/template-fault.ts')
  return { templateFault }
}

/** Templates of a file's rules that fail with some event of the kind that the rule looks at, by the rule's place. */
export const templateDoubts = async (rules: readonly WantedRule[], language: Language): Promise<readonly string[]> => {
  const templated = rules.filter(({ templates }) => Object.keys(templates).length > 0)
  if (templated.length === 0) return []
  const [{ tryTemplates }, { answerRequest }] = await Promise.all([
    import('#pipeline/tell/try-templates.ts'),
    import('#templates/jinja/environment.ts'),
  ])
  // Their operator wrote them: they are tried in this thread.
  const tryOut: TemplateFence['tryOut'] = async (templates, context) => {
    for (const part of PARTS) {
      const source = templates[part]
      if (source === undefined) continue
      const answer = answerRequest({ kind: 'try', part, source, context: JSON.stringify(context) })
      if ('problem' in answer) return answer
    }
    return undefined
  }
  const doubts = templated.map(async (rule) => {
    const doubt = await tryTemplates({ ...rule, channelIds: [] }, [], { tryOut, timeZone: 'UTC', now: 0 })
    const said = language === 'es' ? doubt?.['x-es'].message : doubt?.message
    return doubt && `${rule.origin}: ${doubt.path}: ${said}`
  })
  return (await Promise.all(doubts)).filter((doubt) => doubt !== undefined)
}
