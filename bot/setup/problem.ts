/** What is wrong, and what a person can do about it. */
export class SetupProblem extends Error {
  readonly advice: string
  constructor(answer: string, advice: string) {
    super(answer)
    this.advice = advice
  }
}
