/** @file Selectors that answer the same object while what they are made of is the same, as React's comparison needs. */

/** `inputs` picks what counts; `make` is run again only when one of those is another. Keeps the last answer alone. */
export function memo<S, const I extends readonly unknown[], T>(
  inputs: (state: S) => I,
  make: (...values: I) => T,
): (state: S) => T {
  let last: { readonly values: I; readonly made: T } | null = null;
  return (state) => {
    const values = inputs(state);
    if (!last?.values.every((value, at) => Object.is(value, values[at]))) last = { values, made: make(...values) };
    return last!.made;
  };
}
