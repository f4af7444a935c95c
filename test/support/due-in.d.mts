/** A cron expression that is due once, `seconds` from now. */
export function dueIn(seconds: number): string;
