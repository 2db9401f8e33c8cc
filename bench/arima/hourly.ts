// Hours with days and weeks: made-up series of the kinds that shops and meters have, and the hourly orders of a shop.
import { frequency } from '../../src/core/frequency.ts';
import { type Random, random } from '../../src/core/random.ts';
import { average, insampleScale, mase } from '../../src/evaluate/metrics.ts';
import { type ArimaOptions, arima } from '../../src/models/arima.ts';
import { cpuSeconds, type Row } from '../harness.ts';
import { readGzip } from '../m-competitions.ts';

const LENGTH = 850;
const H = 48;
const DAY = 24;
const WEEK = 168;

/** The value of each hour, from hour 0 on. */
type Course = (t: number) => number;

const turn = (t: number, period: number): number => (2 * Math.PI * t) / period;
const isWeekend = (t: number): boolean => Math.floor(t / DAY) % 7 >= 5;

/** A day of four random harmonics, of size 1 or so. */
function dayShape(draw: Random): Course {
  const pairs = [1, 2, 3, 4].map((k) => [draw.normal() / k, draw.normal() / k] as const);
  return (t) =>
    pairs.reduce(
      (sum, [a, b], i) => sum + a * Math.cos((i + 1) * turn(t, DAY)) + b * Math.sin((i + 1) * turn(t, DAY)),
      0,
    );
}

/** Noise of which a share hangs over to the next hour; `heavy` for Student's t of three degrees of freedom. */
function noise(draw: Random, share: number, sd: number, heavy = false): () => number {
  let rest = 0;
  return () => {
    const tail = heavy ? Math.sqrt(draw.gamma(1.5) / 1.5) : 1;
    rest = share * rest + (sd * draw.normal()) / tail;
    return rest;
  };
}

const KINDS: Readonly<Record<string, (draw: Random) => Course>> = {
  'a wave a week': (draw) => {
    const [day, week, size] = [20 + 20 * draw.uniform(), 5 + 10 * draw.uniform(), 3 + 4 * draw.uniform()];
    const [shape, rest] = [dayShape(draw), noise(draw, 0.6, size)];
    let level = 150;
    return (t) => {
      level += 0.3 * draw.normal();
      return level + day * shape(t) + week * Math.sin(turn(t, WEEK)) + rest();
    };
  },
  'a day that changes': (draw) => {
    const [shape, rest] = [dayShape(draw), noise(draw, 0.3 + 0.5 * draw.uniform(), 5)];
    const moved = new Float64Array(DAY);
    return (t) => {
      if (t % DAY === 0) for (let i = 0; i < DAY; i++) moved[i]! += 1.5 * draw.normal();
      return 150 + 20 * shape(t) + moved[t % DAY]! + rest();
    };
  },
  'weekends of their own': (draw) => {
    const [work, rest, free] = [dayShape(draw), noise(draw, 0.5, 6 + 4 * draw.uniform()), dayShape(draw)];
    const drop = 10 + 40 * draw.uniform();
    return (t) => 200 + (isWeekend(t) ? 15 * work(t) + 12 * free(t) - drop : 30 * work(t)) + rest();
  },
  'a level that jumps': (draw) => {
    const [shape, rest] = [dayShape(draw), noise(draw, 0.4, 6)];
    let level = 150;
    return (t) => {
      if (draw.uniform() < 1 / 200) level += 40 * draw.normal();
      return level + 20 * shape(t) + rest();
    };
  },
  'a level that moves': (draw) => {
    const shape = dayShape(draw);
    let level = 300;
    return (t) => {
      level += 3 * draw.normal();
      return level + 25 * shape(t) + 6 * draw.normal();
    };
  },
  'waves that grow with the level': (draw) => {
    const [shape, rest, week] = [dayShape(draw), noise(draw, 0.6, 0.08), 0.05 + 0.15 * draw.uniform()];
    let level = Math.log(100);
    return (t) => {
      level += 0.004 * draw.normal();
      return Math.exp(level + 0.35 * shape(t) + week * Math.sin(turn(t, WEEK)) + rest());
    };
  },
  'heavy tails': (draw) => {
    const [shape, rest, week] = [dayShape(draw), noise(draw, 0.4, 5, true), 8 * draw.uniform()];
    return (t) => 120 + 20 * shape(t) + week * Math.cos(turn(t, WEEK)) + rest();
  },
  'closed at night': (draw) => {
    const [shape, rest] = [dayShape(draw), noise(draw, 0.995, 0.03)];
    const days = [1, 0.9, 0.95, 1, 1.3, 1.6, 0];
    return (t) => {
      const size = 15 * Math.exp(rest() + 0.3 * shape(t)) * days[Math.floor(t / DAY) % 7]!;
      return t % DAY >= 8 && t % DAY < 20 ? draw.poisson(size) : 0;
    };
  },
  'noise alone': (draw) => {
    const rest = noise(draw, 0.9 * draw.uniform(), 5);
    return () => 100 + rest();
  },
};

function madeUp(kind: string, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) => {
    const draw = random(501 + k, kind);
    const from = draw.below(WEEK);
    const course = KINDS[kind]!(draw);
    return Float64Array.from({ length: LENGTH + H }, (_, t) => course(from + t));
  });
}

/** Invoices an hour of the Online Retail data, in windows that end before its last fifty days. */
function orders(): Float64Array[] {
  const start = Date.UTC(2010, 11, 1);
  const counts = new Float64Array(374 * DAY);
  const seen = new Set<string>();
  for (const line of readGzip('forecast/online_retail_541909.csv.gz').split('\n')) {
    const at = /,(\d{4}-\d\d-\d\d \d\d):\d\d:\d\d,/.exec(line)?.[1];
    const invoice = line.slice(0, line.indexOf(','));
    // C stands for a cancellation.
    if (!at || invoice.startsWith('C') || seen.has(invoice)) continue;
    seen.add(invoice);
    const hour = (Date.parse(`${at.replace(' ', 'T')}:00Z`) - start) / 3_600_000;
    counts[hour]! += 1;
  }
  const windows: Float64Array[] = [];
  for (let end = LENGTH + H; end <= 320 * DAY; end += 500) windows.push(counts.slice(end - LENGTH - H, end));
  return windows;
}

const MODELS: readonly { readonly label: string; readonly options: ArimaOptions }[] = [
  { label: 'mase', options: {} },
  { label: 'strict', options: { average: false } },
  { label: 'airline', options: { order: [0, 1, 1], seasonal_order: [0, 1, 1] } },
];

/**
 * A row a kind: MASE of two days ahead of `arima`, of `average: false` (strict) and of (0,1,1)(0,1,1) (airline), the
 * difference of the first two with its standard error, and CPU ms a series of the first.
 */
export function hourlyRows(quick: boolean): Row[] {
  const context = { freq: frequency('h'), season_length: DAY, seed: 1, knownFuture: [] };
  const kinds = quick ? Object.keys(KINDS).slice(0, 1) : [...Object.keys(KINDS), 'orders of a shop'];
  return kinds.map((kind) => {
    const all = KINDS[kind] ? madeUp(kind, quick ? 2 : 10) : orders();
    const errors = MODELS.map(() => [] as number[]);
    let seconds = 0;
    for (const values of all) {
      const y = values.slice(0, LENGTH);
      const scale = insampleScale(y, DAY);
      for (const [i, { options }] of MODELS.entries()) {
        const model = arima(options);
        const before = process.cpuUsage();
        const state = model.fit({ y, state: new Uint8Array(LENGTH), start: 0, known: [] }, context);
        const { mean } = model.forecast(state, H, { start: LENGTH, known: [] });
        if (i === 0) seconds += cpuSeconds(before);
        errors[i]!.push(mase(values.slice(LENGTH), mean, scale));
      }
    }
    const [own, strict, airline] = errors as [number[], number[], number[]];
    const gain = average(own.map((e, k) => e - strict[k]!)).mean;
    const squares = own.reduce((sum, e, k) => sum + (e - strict[k]! - gain) ** 2, 0);
    return {
      set: `hours: ${kind}, ${all.length}`,
      model: 'arima',
      mase: average(own).mean,
      strict: average(strict).mean,
      airline: average(airline).mean,
      difference: gain,
      se: Math.sqrt(squares / all.length / (all.length - 1)),
      ms: (1000 * seconds) / all.length,
    };
  });
}
