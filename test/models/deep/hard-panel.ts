import { frequency } from '../../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../../src/core/panel.ts';
import { random } from '../../../src/core/random.ts';

/** Days that known columns go further than sales. */
const H = 7;

/** A panel with everything that is hard: gaps, one value, none, zeros, categories, past-only columns, values below zero. */
export function hardPanel(): Panel {
  const lengths = [60, 60, 60, 1, 0, 60];
  const panel = allocatePanel(
    {
      freq: frequency('D'),
      ids: lengths.map((_, i) => `s${i}`),
      target: 'units',
      reach: H,
      statics: [
        { name: 'kind', levels: ['a', 'b'], values: Float64Array.from(lengths, (_, i) => i % 2) },
        { name: 'size', values: Float64Array.from(lengths, (_, i) => (i === 3 ? Number.NaN : i)) },
      ],
    },
    lengths,
    {
      knownFuture: [{ name: 'price' }, { name: 'event', levels: ['none', 'sale', 'fair'] }],
      pastOnly: [{ name: 'visits' }],
    },
  );
  const draw = random(5);
  for (const [i, n] of lengths.entries()) {
    const from = panel.offsets[i]!;
    panel.start[i] = 20_000 + 60 - n;
    for (let t = 0; t < n + H; t++) {
      const at = from + i * H + t;
      // No price is known on some days, and it is 0 on one.
      panel.knownFuture[0]!.values[at] = t % 9 === 0 ? Number.NaN : t === 10 ? 0 : 2 + (t % 3);
      panel.knownFuture[1]!.values[at] = t % 3;
    }
    for (let t = 0; t < n; t++) {
      panel.pastOnly[0]!.values[from + t] = t % 11 === 0 ? Number.NaN : 100 * draw.uniform();
      const isGap = i === 0 && t > 20 && t < 45;
      panel.y[from + t] = isGap
        ? Number.NaN
        : i === 1
          ? 0
          : i === 2
            ? draw.normal()
            : 10 + (t % 7) + draw.normal();
      panel.state[from + t] = isGap ? CellState.missing : CellState.observed;
    }
  }
  return panel;
}
