import type { Rendered } from '#core/message/message.ts'
import type { TextSetName } from '#core/message/text-set.ts'
import { mailHtml } from '../html.ts'
import { texts } from '../texts/index.ts'
import { bash } from './bash.ts'
import { csvTester } from './csv-tester.ts'
import { pythonServices } from './python-services.ts'
import { securityPanel } from './security-panel.ts'
import type { TextSet, WritingMoment } from './text-set.ts'

/** Every set, by its name: the only list. */
const textSets: Readonly<Record<TextSetName, TextSet>> = {
  bash,
  'csv-tester': csvTester,
  'python-services': pythonServices,
  'security-panel': securityPanel,
}

/** A message in the words of an older tool, where its channel asks for them and the tool had any. */
export const withTextSet = (rendered: Rendered, name: TextSetName | undefined, moment: WritingMoment): Rendered => {
  const written = name && textSets[name](rendered.message, moment)
  if (!written) return rendered
  const { subject, lines } = written
  const { message, language, chat } = rendered
  const detail = lines.filter((line) => line !== subject).join('\n')
  return {
    ...rendered,
    message: { ...message, title: subject, message: lines.join('\n') },
    subject,
    lines,
    html: mailHtml({ message, language, subject, lines, footer: texts[language].footer }),
    chat: { ...chat, title: subject, detail },
  }
}
