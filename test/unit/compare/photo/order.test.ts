import { expect, it } from "vitest";
import { medianOf, selected } from "../../../../src/compare/photo/order.js";
import { seeded } from "../../../support/seeded.js";

it.each([1, 2, 3, 7, 12, 64, 256])("of %i numbers the one at every place is that of the sorted ones", (count) => {
  const random = seeded(count);
  // Few values among many numbers: most of them stand there several times. What lies behind the count is nobody's.
  for (const values of [2, 5, 1000]) {
    const numbers = Float64Array.from({ length: count + 3 }, () => Math.floor(random() * values) - values / 2);
    const sorted = numbers.slice(0, count).sort();
    const found = Array.from(sorted, (_, place) => selected(numbers.slice(), count, place));
    expect(found).toEqual([...sorted]);
    expect(medianOf(numbers, count)).toBe(sorted[count >> 1]);
    expect(numbers.slice(0, count).sort()).toEqual(sorted);
  }
});
