/**
 * The methods that lines inside <Limit> and <LimitExcept> hold for. conf hands the limit to the directives, the access
 * rules of http keep it; what has no limit holds for all methods.
 */

export interface MethodLimit {
  /** Whether `methods` are those that the lines do not hold for. */
  readonly isExcept: boolean;
  /** GET stands for HEAD as well. */
  readonly methods: ReadonlySet<string>;
}

/** Whether lines under the limit hold for a request's method; letter case matters. */
export function holdsForMethod(limit: MethodLimit | undefined, method: string): boolean {
  if (limit === undefined) return true;
  return limit.methods.has(method === 'HEAD' ? 'GET' : method) !== limit.isExcept;
}

/** Both limits at once, as one section stands in the other. */
export function intersectLimits(outer: MethodLimit | undefined, inner: MethodLimit): MethodLimit {
  if (outer === undefined) return inner;
  if (outer.isExcept && inner.isExcept) {
    return { isExcept: true, methods: new Set([...outer.methods, ...inner.methods]) };
  }
  const [only, other] = outer.isExcept ? [inner, outer] : [outer, inner];
  const methods = [...only.methods].filter((method) => holdsForMethod(other, method));
  return { isExcept: false, methods: new Set(methods) };
}
