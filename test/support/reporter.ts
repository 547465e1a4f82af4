import { createRequire } from 'node:module'
import type { MochaOptions, Runner } from 'mocha'

const Mocha = createRequire(import.meta.url)('mocha') as typeof import('mocha')

/** Mocha's own report, then every test that did not run and why, then one line that a machine can read. */
export default class Reporter extends Mocha.reporters.Spec {
  readonly #skipped: string[] = []

  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options)
    runner.on('pending', (test) => this.#skipped.push(test.titlePath().join(': ')))
  }

  override done(failures: number, exit?: (failures: number) => void): void {
    for (const title of this.#skipped) console.log(`NOT RUN: ${title}`)
    const { passes, failures: failed, pending } = this.stats
    console.log(`\n${passes} passed, ${failed} failed, ${pending} skipped`)
    exit?.(failures)
  }
}
