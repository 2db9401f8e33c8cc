// How networks learned: the loss of each as its training went on.
import type { LossCurve } from '../core/loss-curve.ts';
import { formatNumber, plural } from '../core/number-text.ts';
import { valueDomain, valueTicks } from './axis.ts';
import { escapeHtml, nameHtml, shorten } from './html.ts';

/** The training of one model; several curves where it is the mean of several networks. */
export interface Learning {
  readonly name: string;
  readonly curves: readonly LossCurve[];
}

const [WIDTH, HEIGHT] = [1000, 110];
const round = (value: number): number => Math.round(value * 10) / 10;

function chart({ name, curves }: Learning, label: string): string {
  const losses = curves.flatMap((curve) => curve.map(({ loss }) => loss));
  const last = Math.max(...curves.map((curve) => curve.at(-1)!.step));
  const [lo, hi] = valueDomain(Math.min(...losses), Math.max(...losses));
  const y = (loss: number): number => round(HEIGHT * (1 - (loss - lo) / (hi - lo)));
  const lines = curves.map((curve) => {
    const points = curve.map(({ step, loss }) => `${round((step / last) * WIDTH)} ${y(loss)}`);
    return `<path class="forecast line" d="M${points.join('L')}"/>`;
  });
  const grid = valueTicks(lo, hi, 3).map(
    (tick) =>
      `<line x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text x="-8" y="${y(tick) + 4}">${formatNumber(tick)}</text>`,
  );
  return (
    `<figure class="plot"><div class="frame"><svg class="chart" role="img" width="100%" height="${HEIGHT}" aria-label="Loss of ${escapeHtml(shorten(name, 60))} over its training">` +
    `<g class="grid">${grid.join('')}</g>` +
    `<svg width="100%" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">${lines.join('')}</svg></svg></div>` +
    `<figcaption>${label}</figcaption></figure>`
  );
}

/** The first and the last loss that were looked at, over all curves. */
function fall({ curves }: Learning): { from: number; to: number } {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    from: mean(curves.map((curve) => curve[0]!.loss)),
    to: mean(curves.map((curve) => curve.at(-1)!.loss)),
  };
}

/** Charts of all trainings; nothing where no network learned. */
export function learningHtml(trainings: readonly Learning[]): string {
  const own = trainings
    .map(({ name, curves }) => ({ name, curves: curves.filter((curve) => curve.length > 1) }))
    .filter(({ curves }) => curves.length > 0);
  if (own.length === 0) return '';
  const charts = own.map((training) => {
    const { from, to } = fall(training);
    const count = training.curves.length;
    const label = `<strong>${nameHtml(training.name)}</strong>: loss ${formatNumber(from)} at first, ${formatNumber(to)} in the end${count > 1 ? `, mean of ${plural(count, 'network')}` : ''}`;
    return chart(training, label);
  });
  return `<h3>How networks learned</h3><p>The loss on what they were shown, in steps of training: it should fall and come to rest.</p>${charts.join('')}`;
}
