/** Numbers in an array that is used again and again. */
type Numbers = Float32Array | Float64Array;

/** Which of the first `count` numbers stands at `place` once they are sorted; none of them is NaN. Changes their order (Hoare's selection). */
export function selected(numbers: Numbers, count: number, place: number): number {
  let first = 0;
  let last = count - 1;
  while (first < last) {
    const pivot = numbers[(first + last) >> 1]!;
    let left = first;
    let right = last;
    while (left <= right) {
      while (numbers[left]! < pivot) left++;
      while (numbers[right]! > pivot) right--;
      if (left > right) break;
      const moved = numbers[left]!;
      numbers[left] = numbers[right]!;
      numbers[right] = moved;
      left++;
      right--;
    }
    if (place <= right) last = right;
    else if (place >= left) first = left;
    else break;
  }
  return numbers[place]!;
}

/** The middle one of the first `count` numbers, the upper one of two. Changes their order. */
export function medianOf(numbers: Numbers, count: number): number {
  return selected(numbers, count, count >> 1);
}
