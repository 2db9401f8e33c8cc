// A sparkline (Tufte 2006): history and forecast of one series, the size of a word.

const WIDTH = 480;
const HEIGHT = 96;

/** Means over stretches of equal length, a shorter one left out; NaN where a stretch has no value. */
export function averages(values: ArrayLike<number>, stretch: number, fromEnd = false): Float64Array {
  const out = new Float64Array(Math.floor(values.length / stretch));
  const skip = fromEnd ? values.length - out.length * stretch : 0;
  for (let k = 0; k < out.length; k++) {
    let sum = 0;
    let count = 0;
    for (let j = skip + k * stretch; j < skip + (k + 1) * stretch; j++) {
      if (Number.isNaN(values[j]!)) continue;
      sum += values[j]!;
      count++;
    }
    out[k] = count > 0 ? sum / count : Number.NaN;
  }
  return out;
}

/** Renders the lines with whole relative coordinates, which keeps thousands of them small. */
export function sparkline(past: Float64Array, next: Float64Array): string {
  const total = past.length + next.length;
  const share = total > 0 ? past.length / total : 0;
  let lo = 0;
  let hi = 0;
  for (const values of [past, next]) {
    for (const value of values) {
      if (value < lo) lo = value;
      if (value > hi) hi = value;
    }
  }
  if (hi === lo) hi = lo + 1;
  const path = (values: Float64Array, from: number, to: number, name: string): string => {
    let d = '';
    let [px, py] = [0, 0];
    let broken = true;
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      if (Number.isNaN(value)) {
        broken = true;
        continue;
      }
      const x = Math.round((from + ((k + 0.5) / values.length) * (to - from)) * WIDTH);
      const y = Math.round(HEIGHT * (1 - (value - lo) / (hi - lo)));
      const lone = k === values.length - 1 || Number.isNaN(values[k + 1]!);
      d += broken ? `M${x} ${y}${lone ? 'h0' : ''}` : `l${x - px} ${y - py}`;
      [px, py] = [x, y];
      broken = false;
    }
    return d === '' ? '' : `<path class="${name}" d="${d}"/>`;
  };
  return (
    `<svg class="spark" viewBox="-6 -6 ${WIDTH + 12} ${HEIGHT + 12}" aria-hidden="true" focusable="false">` +
    `${path(past, 0, share, 'history line')}${path(next, share, 1, 'forecast line')}</svg>`
  );
}
