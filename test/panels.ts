// Builds small panels for tests.

import { frequency } from '../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../src/core/panel.ts';
import { random } from '../src/core/random.ts';

/** A panel of the given series, all starting at period 0; NaN cells are missing. */
export function panelOf(series: Readonly<Record<string, ArrayLike<number>>>, freq = 'D'): Panel {
  const ids = Object.keys(series);
  const panel = allocatePanel(
    { freq: frequency(freq), ids, target: 'units' },
    ids.map((id) => series[id]!.length),
  );
  for (const [i, id] of ids.entries()) {
    const from = panel.offsets[i]!;
    panel.y.set(Float64Array.from(series[id]!), from);
    for (let t = 0; t < series[id]!.length; t++) {
      panel.state[from + t] = Number.isNaN(series[id]![t]!) ? CellState.missing : CellState.observed;
    }
  }
  return panel;
}

/** Series with a weekly rhythm, a slow trend and noise, seeded. */
export function weeklySeries(count: number, length: number, seed = 1): Record<string, Float64Array> {
  const series: Record<string, Float64Array> = {};
  for (let i = 0; i < count; i++) {
    const draw = random(seed, i);
    const level = 20 + 10 * draw.uniform();
    const slope = 0.02 * draw.normal();
    series[`item-${String(i).padStart(3, '0')}`] = Float64Array.from({ length }, (_, t) =>
      Math.max(0, level + slope * t + 6 * Math.sin((2 * Math.PI * t) / 7) + 3 * draw.normal()),
    );
  }
  return series;
}
