/** Draws 1..size, rank r with a weight of 1 / r^skew: a few are asked for all the time, most hardly ever. */
export function createZipf({ size, skew, random }: { size: number; skew: number; random: () => number }): () => number {
  const cumulative = new Float64Array(size);
  let sum = 0;
  for (let rank = 1; rank <= size; rank++) {
    sum += rank ** -skew;
    cumulative[rank - 1] = sum;
  }
  return () => {
    const point = random() * sum;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] as number) > point) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  };
}
