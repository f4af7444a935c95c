/** A value that must not be shown. Printing, JSON and inspection give `***`; only the wire code reveals it. */
export interface Secret {
  reveal(): string;
}
