// What a step may come to, told by the few numbers of a distribution: its loss, and draws from it.
import type { Panel } from '../../core/panel.ts';
import type { Random } from '../../core/random.ts';
import { scalar, type Value } from '../../learn/network/graph.ts';
import { gaussian, negativeBinomial, studentT } from '../../learn/network/losses.ts';
import { add, divide, multiply, softplus, sqrt, still } from '../../learn/network/operators/arithmetic.ts';
import { split } from '../../learn/network/operators/shape.ts';
import { inverseSoftplus, softplus as softplusOf } from '../../math/special.ts';

export const LIKELIHOODS = ['gaussian', 'student-t', 'negative-binomial'] as const;
export type LikelihoodName = (typeof LIKELIHOODS)[number];

/** A distribution of each step; arrays in and out are [batch, h, ...]. */
export interface Likelihood {
  /** Numbers that the network says of a step. */
  readonly width: number;
  /** Whether it is told of counts themselves, rather than of what is beyond the plain forecast in steps of the series. */
  readonly counts: boolean;
  /**
   * −log of the likelihood of what happened: a deviation `y`, or a `count` with its `lift` and `unit`. Of deviations it is taken times
   * the scale that the network itself says, seen as a fixed number: otherwise steps that are easily forecast count most, and far ones
   * hardly at all (Seitzer, Tavakoli, Antic and Martius 2022, with beta a half).
   */
  loss(raw: Value, fields: Readonly<Record<string, Value>>): Value;
  /**
   * One draw from the numbers raw[at] …: a deviation, or a count. `z` is a standard normal number that the draw may use, `lift` and
   * `unit` are those of the step.
   */
  draw(raw: Float32Array, at: number, own: { lift: number; unit: number }, z: number, draw: Random): number;
}

/** All are 1 where the network says nothing yet. */
const ONE = inverseSoftplus(1);
/** Degrees of freedom begin at 2, from where on there is a variance, and a network that says nothing yet says 6. */
const LEAST_FREEDOM = 2;
const FREEDOM = inverseSoftplus(4);
/** No scale or size is smaller. */
const LEAST = 1e-3;

const positive = (raw: Value, shift: number): Value => add(softplus(add(raw, scalar(shift))), scalar(LEAST));
const positiveOf = (raw: number, shift: number): number => softplusOf(raw + shift) + LEAST;

const parts = (raw: Value, count: number): Value[] => split(raw, -1, new Array<number>(count).fill(1));

const GAUSSIAN: Likelihood = {
  width: 2,
  counts: false,
  loss(raw, { y }) {
    const [place, scale] = parts(raw, 2);
    const own = positive(scale!, ONE);
    return multiply(gaussian(y!, place!, own), still(own));
  },
  draw: (raw, at, _, z) => raw[at]! + positiveOf(raw[at + 1]!, ONE) * z,
};

const STUDENT: Likelihood = {
  width: 3,
  counts: false,
  loss(raw, { y }) {
    const [place, scale, freedom] = parts(raw, 3);
    const nu = add(positive(freedom!, FREEDOM), scalar(LEAST_FREEDOM));
    const own = positive(scale!, ONE);
    return multiply(studentT(y!, nu, place!, own), still(own));
  },
  draw(raw, at, _, z, draw) {
    const nu = LEAST_FREEDOM + positiveOf(raw[at + 2]!, FREEDOM);
    return raw[at]! + (positiveOf(raw[at + 1]!, ONE) * z) / Math.sqrt((2 * draw.gamma(nu / 2)) / nu);
  },
};

/** The mean moves about the plain forecast, in units of the series; the size is smaller for what is told in small units. */
const NEGATIVE_BINOMIAL: Likelihood = {
  width: 2,
  counts: true,
  loss(raw, { count, lift, unit }) {
    const [place, spread] = parts(raw, 2);
    const mean = multiply(unit!, add(softplus(add(place!, lift!)), scalar(LEAST)));
    return negativeBinomial(count!, mean, divide(sqrt(unit!), positive(spread!, ONE)));
  },
  draw(raw, at, { lift, unit }, _, draw) {
    const mean = unit * (softplusOf(raw[at]! + lift) + LEAST);
    return draw.negativeBinomial(mean, Math.sqrt(unit) / positiveOf(raw[at + 1]!, ONE));
  },
};

const BY_NAME: Readonly<Record<LikelihoodName, Likelihood>> = {
  gaussian: GAUSSIAN,
  'student-t': STUDENT,
  'negative-binomial': NEGATIVE_BINOMIAL,
};

export const likelihoodOf = (name: LikelihoodName): Likelihood => BY_NAME[name];

/** Counts from here on are as good as continuous. */
const LARGE_COUNTS = 10_000;

/** Counts where all that is known are whole pieces, Student's t otherwise. */
export const likelihoodFor = ({ y }: Panel): LikelihoodName =>
  y.every((v) => Number.isNaN(v) || (v >= 0 && v < LARGE_COUNTS && Number.isInteger(v)))
    ? 'negative-binomial'
    : 'student-t';
