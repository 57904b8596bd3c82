/** Whether a member of `a` is another one in `b`. */
export function differ<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).some((name) => a[name] !== b[name]);
}
