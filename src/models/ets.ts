// Automatic exponential smoothing (Hyndman, Koehler, Snyder and Grose 2002): the forms of ETS, averaged or chosen.
import type { NormalDistribution } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { type ShortSeason, shortSeason } from '../features/short-season.ts';
import { type Season, shrunkenSeason } from '../features/shrunken-season.ts';
import { type Criterion, rankForms } from './exponential-smoothing/choose.ts';
import { smoothingComponents } from './exponential-smoothing/components.ts';
import type { SmoothingFit } from './exponential-smoothing/fit.ts';
import {
  type Bounds,
  formsOf,
  isDamped,
  isGrowing,
  isRestricted,
  needsPositive,
  type SmoothingForm,
} from './exponential-smoothing/form.ts';
import { drawPaths } from './exponential-smoothing/paths.ts';
import { forecastSmoothing } from './exponential-smoothing/variance.ts';
import { type Components, type Model, observedCount, requireObservations } from './model.ts';
import { adjusted, withSeason } from './seasonal-adjustment.ts';

export interface EtsOptions {
  /**
   * Error, trend and season in letters: N none, A additive, Ad damped, M multiplicative, Md both, Z any. `MAdM` is one
   * form; the default `ZZZ` lets all compete.
   */
  readonly form?: string;
  /** Whether the trend fades; by default damped and undamped ones compete. */
  readonly damped?: boolean;
  /** Whether the forms that fit are averaged by their criterion, or the best one taken; defaults to true. */
  readonly average?: boolean;
  /** The criterion that weighs or chooses the forms; defaults to `bic`. */
  readonly ic?: Criterion;
  /** How firmly slopes are held steady, see `FitOptions`; defaults to 10. 0 is plain maximum likelihood. */
  readonly caution?: number;
  /** Where the weights may lie; defaults to `both`, the usual region where old errors die out. */
  readonly bounds?: Bounds;
  /** Whether forms with unstable likelihoods or infinite variances are left out, as in R; defaults to true. */
  readonly restrict?: boolean;
  /** Whether a Z for the trend takes multiplicative trends in; defaults to false. */
  readonly allow_multiplicative_trend?: boolean;
}

export interface EtsState {
  /** A season too long for the likelihood, or too short in history, taken out before; undefined where there is none. */
  readonly season: Season | ShortSeason | undefined;
  /** Cells from the season's phase 0 to the end of the series. */
  readonly length: number;
  /** The forms with their weights, which sum to 1, heaviest first. */
  readonly parts: readonly { readonly weight: number; readonly fit: SmoothingFit }[];
}

const LEAST = 4;
/** Seasons up to this length are smoothed where they were seen twice; others are taken out first. */
const LONGEST_SEASON = 24;

// Chosen on the M1 competition and on the last horizon of M3's training parts, and flat around: with a softness of 1
// the weights are Akaike's exp(−Δ/2), which trust the criterion more than it deserves.
const SOFTNESS = 5;
/** Forms this far above the best criterion are left out: their weight would be below a tenth of the best one's. */
const MARGIN = 24;

const OPTIONS = [
  'form',
  'damped',
  'average',
  'ic',
  'caution',
  'bounds',
  'restrict',
  'allow_multiplicative_trend',
];

/** Throws a UsageError unless the value of an option is among the choices. */
function check(option: string, value: unknown, choices: readonly unknown[]): void {
  if (!choices.includes(value)) {
    const listed = choices.map((choice) => `"${choice}"`).join(', ');
    throw new UsageError(`ets option "${option}" is "${value}"; choose from ${listed}.`);
  }
}

/** The forms that the options let compete. */
function competitors({
  form = 'ZZZ',
  damped,
  restrict = true,
  allow_multiplicative_trend = false,
}: EtsOptions): SmoothingForm[] {
  const named = formsOf(form);
  if (!named) {
    throw new UsageError(
      `ets option "form" is "${form}"; use letters for error, trend and season, such as "AAdN", "MAM" or "ZZZ".`,
    );
  }
  const open = form[1] === 'Z';
  const forms = named.filter(
    (each) =>
      (damped === undefined || isDamped(each) === damped) &&
      !(restrict && isRestricted(each)) &&
      !(open && !allow_multiplicative_trend && isGrowing(each)),
  );
  if (forms.length === 0) {
    throw new UsageError(
      `ets option "form" is "${form}", of which the other options leave nothing; set restrict to false or damped to another value.`,
    );
  }
  return forms;
}

/** The sum of the parts by their weights. */
function blend(
  parts: EtsState['parts'],
  length: number,
  of: (fit: SmoothingFit) => Float64Array,
): Float64Array {
  const out = new Float64Array(length);
  for (const { weight, fit } of parts) {
    const values = of(fit);
    for (let t = 0; t < length; t++) out[t] = out[t]! + weight * values[t]!;
  }
  return out;
}

/** A season told from less than two rounds took noise with it, out of the errors of the fit and into the forecast. */
const noiseOf = (season: EtsState['season']): number => (season && 'noise' in season ? 2 * season.noise : 0);

/** The mixture of the parts' forecasts by its mean and variance, without the season that was taken out. */
function mixture({ season, parts }: EtsState, h: number): { mean: Float64Array; sd: Float64Array } {
  const forecasts = new Map(parts.map(({ fit }) => [fit, forecastSmoothing(fit, h)]));
  const mean = blend(parts, h, (fit) => forecasts.get(fit)!.mean);
  const variance = blend(parts, h, (fit) => {
    const own = forecasts.get(fit)!;
    return own.sd.map((sd, s) => sd * sd + (own.mean[s]! - mean[s]!) ** 2);
  });
  const noise = noiseOf(season);
  const relative = season?.kind === 'multiplicative';
  return {
    mean,
    sd: variance.map((v, s) => Math.sqrt(v + noise * (relative ? mean[s]! * mean[s]! : 1))),
  };
}

/**
 * Automatic exponential smoothing. All forms that the series and the options allow are fitted by maximum likelihood,
 * the slope held a little steady; their forecasts are averaged, with weights by an information criterion, or the best
 * form is taken. Seasons of more than 24 periods, and those not yet seen twice, are taken out first, shrunk by their
 * noise, unless `form` names a season of its own. It refuses series of fewer than 4 observed values, and those that no form can hold.
 */
export function ets(options: EtsOptions = {}): Model<EtsState> {
  refuseUnknownOptions('ets', options, OPTIONS);
  const { form = 'ZZZ', average = true, ic = 'bic', caution = 10, bounds = 'both' } = options;
  check('ic', ic, ['aicc', 'aic', 'bic']);
  check('bounds', bounds, ['usual', 'admissible', 'both']);
  check('average', average, [true, false]);
  check('damped', options.damped, [true, false, undefined]);
  check('restrict', options.restrict, [true, false, undefined]);
  check('allow_multiplicative_trend', options.allow_multiplicative_trend, [true, false, undefined]);
  if (!(caution >= 0 && caution < Infinity)) {
    throw new UsageError(`ets option "caution" is ${caution}; use a number of 0 or more.`);
  }
  const forms = competitors(options);

  return {
    name: 'ets',
    fit({ y }, { season_length: m }) {
      requireObservations('ets', y, LEAST);
      const count = observedCount(y);
      const takenOut = form.endsWith('Z') && (m > LONGEST_SEASON || count < 2 * m);
      const season = takenOut ? (shrunkenSeason(y, m) ?? shortSeason(y, m)) : undefined;
      const plain = adjusted(y, season);
      const low = plain.find((value) => value <= 0);
      const seasonal = !takenOut && m > 1 && count >= 2 * m;
      const usable = forms.filter(
        (each) => (low === undefined || !needsPositive(each)) && (seasonal || each.season === 'none'),
      );
      if (usable.length === 0) {
        if (low !== undefined && forms.every(needsPositive))
          throw new ModelRefusal(`has the value ${low}; ets of form ${form} needs values above 0`);
        throw new ModelRefusal(
          m > 1
            ? `has ${count} observed values; ets of form ${form} needs at least 2 seasons of ${m}`
            : `has no season (season_length is ${m}); ets of form ${form} needs a season of 2 or more`,
        );
      }
      const margin = average ? MARGIN : 0;
      const ranked = rankForms(plain, m, usable, { caution, bounds, ic, margin });
      if (ranked.length === 0)
        throw new ModelRefusal(`with ${count} observed values cannot be held by ets of form ${form}`);
      const kept = average ? ranked : ranked.slice(0, 1);
      const weights = kept.map(({ criterion }) =>
        Math.exp((kept[0]!.criterion - criterion) / (2 * SOFTNESS)),
      );
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const parts = kept.map(({ fit }, k) => ({ weight: weights[k]! / total, fit }));
      return { season, length: y.length, parts };
    },
    forecast(state, h): NormalDistribution {
      return withSeason(mixture(state, h), state.season, state.length);
    },
    components(state, { y }, h) {
      const plain = adjusted(y, state.season);
      const n = y.length + h;
      const each = new Map(state.parts.map(({ fit }) => [fit, smoothingComponents(fit, plain, h)]));
      const part = (name: keyof Components): Float64Array =>
        blend(state.parts, n, (fit) => each.get(fit)![name]);
      const [level, trend, seasonal] = [part('level'), part('trend'), part('seasonal')];
      if (state.season) {
        const { kind, figure } = state.season;
        for (let t = 0; t < n; t++) {
          const value = figure[t % figure.length]!;
          seasonal[t] = kind === 'additive' ? value : (level[t]! + trend[t]!) * (value - 1);
        }
      }
      return { level, trend, seasonal, regressors: new Float64Array(n) };
    },
    simulate({ season, length, parts }, h, _, paths, draw) {
      const out = new Float64Array(paths * h);
      // Each path is one of the forms', as often as its weight says.
      let from = 0;
      let share = 0;
      for (const [k, { weight, fit }] of parts.entries()) {
        share += weight;
        const to = k === parts.length - 1 ? paths : Math.min(paths, Math.round(share * paths));
        out.set(drawPaths(fit, h, to - from, draw), from * h);
        from = to;
      }
      if (season) {
        const { kind, figure } = season;
        const noise = Math.sqrt(noiseOf(season));
        for (let i = 0; i < out.length; i++) {
          const value = figure[(length + (i % h)) % figure.length]!;
          const drawn = noise > 0 ? noise * draw.normal() : 0;
          out[i] = kind === 'additive' ? out[i]! + value + drawn : out[i]! * value * (1 + drawn);
        }
      }
      return out;
    },
  };
}
