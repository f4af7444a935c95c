/** A cron expression that is due once, `seconds` from now. */
export function dueIn(seconds) {
  const due = new Date(Date.now() + seconds * 1_000);
  const fields = [due.getUTCSeconds(), due.getUTCMinutes(), due.getUTCHours(), due.getUTCDate(), due.getUTCMonth() + 1];
  return [...fields, "*"].join(" ");
}
