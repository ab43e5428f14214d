import { type FaultFacts, faultOf, type TemplateFault, type TemplateFaultCode } from './template-faults.ts'

/** `syntax`: wrong whatever the facts are. `runtime`: wrong with these facts. The others: more than a template may cost. */
export type TemplateErrorKind = 'syntax' | 'runtime' | 'timeout' | 'memory'

/**
 * Why a template cannot be read or rendered. It is thrown inside of the templates' thread only, and becomes a value where
 * one request is answered.
 */
export class TemplateError extends Error {
  readonly kind: TemplateErrorKind
  readonly fault: TemplateFault
  /** Counted from 1; whoever knows the line sets it where the thrower did not. */
  line: number | undefined

  constructor(kind: TemplateErrorKind, fault: TemplateFault, line?: number) {
    super(fault.code)
    this.kind = kind
    this.fault = fault
    this.line = line
  }
}

/** A template that is none, whatever the facts are; its sentence says what is wrong and the way out. */
export const syntaxError = <Code extends TemplateFaultCode>(
  line: number,
  code: Code,
  ...facts: FaultFacts<Code>
): TemplateError => new TemplateError('syntax', faultOf(code, ...facts), line)

/** What goes wrong with these facts; whoever knows the line sets it. */
export const runtimeError = <Code extends TemplateFaultCode>(code: Code, ...facts: FaultFacts<Code>): TemplateError =>
  new TemplateError('runtime', faultOf(code, ...facts))

/** Beyond what may nest: of the template, or of its values. */
export const tooDeep = (line?: number): TemplateError => new TemplateError('memory', faultOf('nests_too_deeply'), line)

/** More work than a template may cost. */
export const tooManySteps = (): TemplateError => new TemplateError('timeout', faultOf('too_many_steps'))

/** Beyond what one text or list may be. */
export const tooLarge = (): TemplateError => new TemplateError('memory', faultOf('too_large'))
