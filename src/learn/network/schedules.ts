// Learning rates over the course of training.

/** The learning rate at a step, counted from 1, of so many. */
export type Schedule = (step: number, steps: number) => number;

/** The same rate throughout. */
export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;

/** Up in a straight line over the first share of the steps, then down along a cosine to a hundredth (Loshchilov and Hutter 2017). */
export const warmCosine =
  (rate: number, warm = 0.05): Schedule =>
  (step, steps) => {
    const rise = Math.max(1, Math.round(warm * steps));
    if (step <= rise) return (rate * step) / rise;
    const share = (step - rise) / Math.max(1, steps - rise);
    return rate * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * share)));
  };
