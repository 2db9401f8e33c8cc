// An exponential smoothing form as a forecasting model: what it needs of a series, and its refusals in words.
import { ModelRefusal, UsageError } from '../../core/errors.ts';
import { type Model, observedCount, requireObservations } from '../model.ts';
import { smoothingComponents } from './components.ts';
import { type FitOptions, fitSmoothing, type SmoothingFit } from './fit.ts';
import { fewestValues, formName, needsPositive, type SmoothingForm } from './form.ts';
import { drawPaths } from './paths.ts';
import { forecastSmoothing } from './variance.ts';

/**
 * A model of one form, fitted by `fitSmoothing`. It needs two values more than it has parameters, two whole
 * seasons where it has a season, and values above 0 where errors or seasons multiply; else it refuses.
 */
export function smoothingModel(
  name: string,
  form: SmoothingForm,
  options: FitOptions = {},
): Model<SmoothingFit> {
  const { caution } = options;
  if (caution !== undefined && !(caution >= 0 && caution < Infinity)) {
    throw new UsageError(`${name} option "caution" is ${caution}; use a number of 0 or more.`);
  }
  return {
    name,
    fit({ y }, { season_length }) {
      const seasonal = form.season !== 'none';
      const m = seasonal ? season_length : 1;
      if (seasonal && m < 2) {
        throw new ModelRefusal(`has no season (season_length is ${m}); ${name} needs a season of 2 or more`);
      }
      const count = observedCount(y);
      if (seasonal && count < 2 * m) {
        throw new ModelRefusal(
          `has ${count} observed value${count === 1 ? '' : 's'}; ${name} needs at least 2 seasons of ${m}`,
        );
      }
      requireObservations(name, y, fewestValues(form, m));
      if (needsPositive(form)) {
        const low = y.find((value) => value <= 0);
        if (low !== undefined) throw new ModelRefusal(`has the value ${low}; ${name} needs values above 0`);
      }
      const fit = fitSmoothing(y, form, m, options);
      if (!fit) throw new ModelRefusal(`cannot be held by ${name}, ${formName(form)}; use an additive model`);
      return fit;
    },
    forecast: forecastSmoothing,
    components: (fit, { y }, h) => smoothingComponents(fit, y, h),
    simulate: (fit, h, _, paths, draw) => drawPaths(fit, h, paths, draw),
  };
}
