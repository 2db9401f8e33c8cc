// The stock: a planner who reviews twice a week, suppliers who are sometimes late, shelves that run empty.
import type { Random } from '../../core/random.ts';
import type { Product } from './catalogue.ts';

/** What happened to the stock of one product in one store; one value a day of history. */
export interface StockHistory {
  /** Units sold: the smaller of demand and what was there. */
  readonly units: Float64Array;
  /** Units on hand before the delivery of the day. */
  readonly opening: Float64Array;
  readonly received: Float64Array;
  /** Units on hand when the day ends; 0 means that demand may have been lost. */
  readonly closing: Float64Array;
  /** Units ordered at the supplier and not yet delivered when the day ends. */
  readonly onOrder: Float64Array;
}

/** Days of sales that an order is meant to last for. */
const COVER = 21;
/** Standard deviations of demand over the lead time kept as safety stock. */
const SAFETY = 0.6;
/** Mean and standard deviation of the log error of the planner's forecasts. */
const FORECAST_BIAS = -0.06;
const FORECAST_ERROR = 0.35;
/** Chance that a supplier is late, and the most days it is late by. */
const LATE = 0.15;
const LATE_DAYS = 18;

/**
 * Plays the stock through `demand`. The planner knows the true rate up to an error that is drawn anew with each
 * order, sees promotions coming, and orders up to lead time plus cover whenever the position falls to the
 * reorder point. Demand that meets an empty shelf is lost; it neither waits nor moves to another product.
 * @param rate true mean demand a day; may run beyond the demand, for the planner looks ahead
 * @param firstWeekday weekday of the first day (0 Monday … 6 Sunday)
 */
export function playStock(
  draw: Random,
  product: Product,
  rate: Float64Array,
  demand: Float64Array,
  firstWeekday: number,
): StockHistory {
  const days = demand.length;
  const ahead = new Float64Array(rate.length + 1);
  for (let t = 0; t < rate.length; t++) ahead[t + 1] = ahead[t]! + rate[t]!;
  const expected = (from: number, length: number): number => {
    const to = Math.min(from + length, rate.length);
    return ahead[to]! - ahead[Math.min(from, to)]!;
  };
  const spread = (mean: number): number => Math.sqrt(mean + (mean * mean) / (product.size * 20));
  const batch = product.baseRate > 20 ? 24 : product.baseRate > 4 ? 12 : product.baseRate > 0.8 ? 4 : 1;
  const inBatches = (units: number): number => Math.ceil(units / batch) * batch;

  const history: StockHistory = {
    units: new Float64Array(days),
    opening: new Float64Array(days),
    received: new Float64Array(days),
    closing: new Float64Array(days),
    onOrder: new Float64Array(days),
  };
  const due = new Float64Array(days + product.leadTime + LATE_DAYS + 2);
  let onHand = inBatches(expected(0, product.leadTime + COVER) * (0.8 + 0.6 * draw.uniform()) + 1);
  let onOrder = 0;
  for (let t = 0; t < days; t++) {
    history.opening[t] = onHand;
    history.received[t] = due[t]!;
    onHand += due[t]!;
    onOrder -= due[t]!;
    const sold = Math.min(demand[t]!, onHand);
    onHand -= sold;
    history.units[t] = sold;
    history.closing[t] = onHand;
    const weekday = (firstWeekday + t) % 7;
    if (weekday === 0 || weekday === 3) {
      const error = Math.exp(FORECAST_BIAS + FORECAST_ERROR * draw.normal());
      // Until the next review and its delivery, up to four days pass beyond the lead time.
      const lead = error * expected(t + 1, product.leadTime + 4);
      const position = onHand + onOrder;
      if (position <= lead + SAFETY * spread(lead)) {
        const cover = error * expected(t + 1, product.leadTime + 4 + COVER);
        const wanted = cover + SAFETY * spread(cover) - position;
        const ordered = cover > 0.05 ? inBatches(Math.max(1, wanted)) : 0;
        const late = draw.uniform() < LATE ? 1 + draw.below(LATE_DAYS) : 0;
        due[t + product.leadTime + late]! += ordered;
        onOrder += ordered;
      }
    }
    history.onOrder[t] = onOrder;
  }
  return history;
}
