// From the features that a model is asked about to the columns that its trees ask about.
import { UsageError } from '../../core/errors.ts';
import type { BinnedFeature, Feature } from './bins.ts';
import { encoded } from './target-encoding.ts';

/** Whether a column is a further one of the feature that the column before it is of. */
const isFurther = ({ encoding }: BinnedFeature): boolean => encoding !== undefined && encoding.output > 0;

/** Which feature each column is of: a category that is told class by class has several, one after another. */
export function featuresOf(columns: readonly BinnedFeature[]): Int32Array {
  let feature = -1;
  return Int32Array.from(columns, (column) => (isFurther(column) ? feature : ++feature));
}

/** The features of a model among those given, in the model's order; refuses what is absent or of another kind. */
export function inOrder(columns: readonly BinnedFeature[], given: readonly Feature[]): readonly Feature[] {
  const byName = new Map(given.map((feature) => [feature.name, feature]));
  return columns
    .filter((column) => !isFurther(column))
    .map(({ name, levels, encoding }) => {
      const found = byName.get(name);
      if (!found)
        throw new UsageError(`the trees were trained with the feature "${name}", which is not given.`);
      const isCategory = levels > 0 || encoding !== undefined;
      if ((found.levels !== undefined) !== isCategory) {
        const [was, is] = isCategory ? ['categories', 'numbers'] : ['numbers', 'categories'];
        throw new UsageError(
          `feature "${name}" held ${was} when the trees were trained and holds ${is} now.`,
        );
      }
      return found;
    });
}

/** The columns of a model from the features given: numbers and codes as they are, and means of the target for codes. */
export function columnsOf(columns: readonly BinnedFeature[], given: readonly Feature[]): readonly Feature[] {
  const features = inOrder(columns, given);
  const places = featuresOf(columns);
  return columns.map(({ name, encoding }, c) => {
    const feature = features[places[c]!]!;
    if (!encoding) return feature;
    return { name, values: Float32Array.from(feature.values, (code) => encoded(encoding, code)) };
  });
}
