/** Reads a switch; throws Error that names the key. */
export function isOn(key: string, value: string): boolean {
  const folded = value.toLowerCase();
  if (["on", "true", "yes", "1"].includes(folded)) return true;
  if (["off", "false", "no", "0"].includes(folded)) return false;
  throw new Error(`${key}=${value}: expected on or off`);
}
