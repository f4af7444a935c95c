/** One check of `photodrift doctor`. */
export interface Probe {
  readonly name: string;
  readonly ok: boolean;
  /** True where nothing fails and somebody should look all the same. */
  readonly warning?: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do; empty where nothing is to be done. */
  readonly cure: string;
}
