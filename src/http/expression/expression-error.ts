/** What is wrong with an expression, and where: the directive that holds it makes it an error with a position. */

export class ExpressionSyntaxError extends Error {
  override readonly name = 'ExpressionSyntaxError';
  /** Characters of the expression before the place to point at. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
