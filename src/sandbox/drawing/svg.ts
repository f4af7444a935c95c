/** A number as SVG takes it. */
export function n(value: number): string {
  return value.toFixed(1);
}
