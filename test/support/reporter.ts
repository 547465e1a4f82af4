import { createRequire } from 'node:module'
import type { MochaOptions, Runner } from 'mocha'

const Mocha = createRequire(import.meta.url)('mocha') as typeof import('mocha')

/**
 * Each test as it runs, then every test that did not and why, then mocha's own summary with what failed, and last one
 * line that a machine can read: whoever has only the end of a long log sees what matters.
 */
export default class Reporter extends Mocha.reporters.Spec {
  readonly #skipped: string[] = []

  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options)
    runner.on('pending', (test) => this.#skipped.push(test.titlePath().join(': ')))
  }

  override epilogue(): void {
    for (const title of this.#skipped) console.log(`NOT RUN: ${title}`)
    super.epilogue()
  }

  override done(failures: number, exit?: (failures: number) => void): void {
    const { passes, failures: failed, pending } = this.stats
    console.log(`\n${passes} passed, ${failed} failed, ${pending} skipped`)
    exit?.(failures)
  }
}
