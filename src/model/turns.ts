/**
 * Lets timers, answers and other stages have their turn: a loop that finds all it asks for in the records awaits nothing that takes time, and
 * would keep everybody waiting to its end - the sign of life of the run lock, what is committed together, the progress bar.
 */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
