// A made-up shop whose promotions move some of its products, with the truth behind what was sold.
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';

/** Days that known columns go further than sales. */
const H = 7;

/**
 * Daily sales of products of two kinds with a weekly rhythm; kind "up" doubles on promotion. The last product, if wanted,
 * has no history. Returns what is expected of each cell too, H days further than the panel.
 */
export function promotedShop({
  count = 12,
  length = 120,
  newcomer = false,
  scale = 1,
}: {
  count?: number;
  length?: number;
  newcomer?: boolean;
  scale?: number;
} = {}): {
  panel: Panel;
  truth: number[][];
} {
  const ids = Array.from({ length: count }, (_, i) => `p${i}`);
  const kinds = Float64Array.from(ids, (_, i) => i % 2);
  const cells = ids.map((_, i) => (newcomer && i === count - 1 ? 0 : length));
  const panel = allocatePanel(
    {
      freq: frequency('D'),
      ids,
      target: 'units',
      reach: H,
      statics: [{ name: 'kind', levels: ['flat', 'up'], values: kinds }],
    },
    cells,
    { knownFuture: [{ name: 'promo' }] },
  );
  const truth = ids.map((_, i) => {
    const draw = random(3, i);
    const level = kinds[i] === 1 ? 40 : 10;
    panel.start[i] = 20_000 + length - cells[i]!;
    return Array.from({ length: cells[i]! + H }, (_, t) => {
      const day = panel.start[i]! + t;
      const promo = draw.uniform() < 0.2 ? 1 : 0;
      panel.knownFuture[0]!.values[panel.offsets[i]! + i * H + t] = promo;
      const mean =
        scale * level * (1 + 0.5 * Math.sin((2 * Math.PI * day) / 7)) * (promo && kinds[i] ? 2 : 1);
      if (t < cells[i]!) {
        panel.y[panel.offsets[i]! + t] = mean * (1 + 0.1 * draw.normal());
        panel.state[panel.offsets[i]! + t] = CellState.observed;
      }
      return mean;
    });
  });
  return { panel, truth };
}
