// The shop's tables as CSV text: what a real shop exports, and the truth beside it.
import { MS_PER_DAY } from '../../core/calendar.ts';
import { CATEGORIES } from './categories.ts';
import { CHANNELS, DEVICES, EVENTS } from './sessions.ts';
import type { Shop } from './shop.ts';
import { isOpen } from './stores.ts';
import { SEGMENTS } from './visitors.ts';

/** A file's name inside the shop's folder and its whole text. */
export interface Table {
  readonly name: string;
  readonly text: string;
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const money = (price: number): string => price.toFixed(2);
/** Five significant digits, in the shortest form. */
const brief = (value: number): string => String(Number(value.toPrecision(5)));
const padded = (value: number, width: number): string => String(value).padStart(width, '0');
const table = (name: string, header: string, rows: readonly string[]): Table => ({
  name,
  text: `${header}\n${rows.join('\n')}${rows.length > 0 ? '\n' : ''}`,
});

const customerId = (index: number): string => (index < 0 ? '' : `K${padded(index + 1, 5)}`);
const sessionId = (index: number): string => `S${padded(index + 1, 6)}`;

/** Every file of the shop, in the order in which a reader meets them. */
export function shopTables(shop: Shop): Table[] {
  return [
    salesTable(shop),
    ordersTable(shop),
    productsTable(shop),
    calendarTable(shop),
    stockTable(shop),
    sessionsTable(shop),
    demandTruth(shop),
    productTruth(shop),
    elasticityTruth(shop),
    promotionTruth(shop),
    customerTruth(shop),
    sessionTruth(shop),
  ];
}

/** Calls back for each cell with its series, its day and whether it is history. */
function forEachCell(shop: Shop, visit: (cell: number, i: number, t: number, past: boolean) => void): void {
  shop.series.forEach(({ first, past }, i) => {
    const from = shop.offsets[i]!;
    for (let cell = from; cell < shop.offsets[i + 1]!; cell++) {
      visit(cell, i, first + cell - from, cell - from < past);
    }
  });
}

/** `store,sku` of each series, the way its rows begin. */
const keys = (shop: Shop): string[] =>
  shop.series.map(({ store, product }) => `${shop.stores[store]!.id},${shop.products[product]!.sku}`);

function salesTable(shop: Shop): Table {
  const { cells, calendar } = shop;
  const key = keys(shop);
  const holidays = calendar.holiday.map(quoted);
  const rows: string[] = [];
  forEachCell(shop, (cell, i, t, past) => {
    const units = past ? cells.units[cell] : '';
    const promo = cells.promotion[cell]! >= 0 ? 1 : 0;
    const stock = past ? cells.closing[cell] : '';
    rows.push(
      `${key[i]},${calendar.dates[t]},${units},${money(cells.price[cell]!)},${promo},${holidays[t]},${cells.open[cell]},${stock}`,
    );
  });
  return table('sales.csv', 'store,sku,date,units,price,promo,holiday,open,stock', rows);
}

/** A writer of `YYYY-MM-DD hh:mm:ss` for the shop's days. */
function stamps(shop: Shop): (ms: number) => string {
  const { firstDay, dates } = shop.calendar;
  return (ms) => {
    const day = Math.floor(ms / MS_PER_DAY);
    const s = Math.floor((ms - day * MS_PER_DAY) / 1000);
    return `${dates[day - firstDay]} ${padded(Math.floor(s / 3600), 2)}:${padded(Math.floor(s / 60) % 60, 2)}:${padded(s % 60, 2)}`;
  };
}

/** Invoice numbers run on from 100001; those of returns begin with C. */
const invoiceId = (invoice: number, returned: boolean): string => `${returned ? 'C' : ''}${100001 + invoice}`;

function ordersTable(shop: Shop): Table {
  const { orders, products, stores } = shop;
  const stamp = stamps(shop);
  const rows = orders.time.map((time, line) => {
    const quantity = orders.quantity[line]!;
    const who = customerId(orders.customer[line]!);
    const sku = products[orders.product[line]!]!.sku;
    const store = stores[orders.store[line]!]!.id;
    return `${invoiceId(orders.invoice[line]!, quantity < 0)},${stamp(time)},${who},${sku},${quantity},${money(orders.price[line]!)},${store}`;
  });
  return table('orders.csv', 'invoice,timestamp,customer,sku,quantity,unit_price,store', rows);
}

/** The calendar's day as a date, '' beyond it. */
const dateOf = (shop: Shop, t: number): string => shop.calendar.dates[t] ?? '';

function productsTable(shop: Shop): Table {
  const rows = shop.products.map((product) => {
    const launched = product.launch >= 0 ? dateOf(shop, product.launch) : '';
    return [
      product.sku,
      quoted(product.name),
      quoted(CATEGORIES[product.category]!.name),
      product.family,
      quoted(product.brand),
      money(product.cost),
      money(product.listPrice),
      launched,
      dateOf(shop, product.gone),
      product.leadTime,
    ].join();
  });
  const header = 'sku,name,category,family,brand,cost,list_price,launched,discontinued,lead_time_days';
  return table('products.csv', header, rows);
}

function calendarTable(shop: Shop): Table {
  const { calendar, stores } = shop;
  const rows = calendar.dates.map((date, t) =>
    [
      date,
      WEEKDAYS[calendar.weekday[t]!],
      quoted(calendar.holiday[t]!),
      quoted(calendar.window[t]!),
      calendar.window[t] === '' ? '' : calendar.daysToHoliday[t],
      calendar.sincePay[t] === 0 ? 1 : 0,
      ...stores.map((store) => (isOpen(store, calendar, t) ? 1 : 0)),
    ].join(),
  );
  const open = stores.map((store) => `open_${store.id}`).join();
  return table('calendar.csv', `date,weekday,holiday,near_holiday,days_to_holiday,pay_day,${open}`, rows);
}

function stockTable(shop: Shop): Table {
  const { cells, calendar } = shop;
  const key = keys(shop);
  const rows: string[] = [];
  forEachCell(shop, (cell, i, t, past) => {
    if (!past) return;
    rows.push(
      `${key[i]},${calendar.dates[t]},${cells.opening[cell]},${cells.received[cell]},${cells.closing[cell]},${cells.onOrder[cell]}`,
    );
  });
  return table('stock.csv', 'store,sku,date,opening,received,closing,on_order', rows);
}

function sessionsTable(shop: Shop): Table {
  const { sessions, products } = shop;
  const stamp = stamps(shop);
  const rows: string[] = [];
  for (let i = 0; i < sessions.start.length; i++) {
    const who = `${sessionId(i)},${customerId(sessions.customer[i]!)}`;
    const how = `${CHANNELS[sessions.channel[i]!]!.name},${DEVICES[sessions.device[i]!]!.name}`;
    for (let k = sessions.offsets[i]!; k < sessions.offsets[i + 1]!; k++) {
      const sku = products[sessions.product[k]!]!.sku;
      rows.push(`${who},${stamp(sessions.time[k]!)},${EVENTS[sessions.event[k]!]},${sku},${how}`);
    }
  }
  return table('sessions.csv', 'session,customer,timestamp,event,sku,channel,device', rows);
}

function demandTruth(shop: Shop): Table {
  const { cells, calendar } = shop;
  const key = keys(shop);
  const rows: string[] = [];
  forEachCell(shop, (cell, i, t, past) => {
    const lost = past ? cells.demand[cell]! - cells.units[cell]! : '';
    rows.push(
      `${key[i]},${calendar.dates[t]},${brief(cells.baseline[cell]!)},${brief(cells.rate[cell]!)},${cells.demand[cell]},${lost}`,
    );
  });
  return table('truth/demand.csv', 'store,sku,date,baseline,rate,demand,lost', rows);
}

function productTruth(shop: Shop): Table {
  const rows = shop.products.map((product) => {
    const declines =
      product.declineFrom === Number.POSITIVE_INFINITY ? '' : dateOf(shop, product.declineFrom);
    const shifts = product.shifts.map(({ day, size }) => `${dateOf(shop, day)}:${brief(size)}`).join(' ');
    const { sku, baseRate, size, trend, launch, rampDays, payLift, dip, dipDays } = product;
    const numbers = [brief(baseRate), brief(size), brief(trend), launch, rampDays];
    const within = declines === '' ? '' : product.declineDays;
    return [sku, ...numbers, declines, within, shifts, brief(payLift), brief(dip), dipDays].join();
  });
  const header =
    'sku,base_rate,size,trend,launch_day,ramp_days,decline_from,decline_days,level_shifts,pay_lift,promo_dip,promo_dip_days';
  return table('truth/products.csv', header, rows);
}

function elasticityTruth(shop: Shop): Table {
  const rows = shop.products.flatMap((product) => [
    `${product.sku},${product.sku},${brief(product.elasticity)}`,
    ...product.cross.map(
      (other) => `${product.sku},${shop.products[other.product]!.sku},${brief(other.elasticity)}`,
    ),
  ]);
  return table('truth/elasticities.csv', 'sku,price_of,elasticity', rows);
}

function promotionTruth(shop: Shop): Table {
  const rows = shop.promotions.map(({ product, name, from, to, discount, lift }) =>
    [
      shop.products[product]!.sku,
      quoted(name),
      dateOf(shop, from),
      dateOf(shop, to),
      brief(discount),
      brief(lift),
    ].join(),
  );
  return table('truth/promotions.csv', 'sku,name,from,to,discount,lift', rows);
}

function customerTruth(shop: Shop): Table {
  const { days } = shop.calendar;
  const rows = shop.customers.map((customer, i) =>
    [
      customerId(i),
      SEGMENTS[customer.segment]!.name,
      customer.joined >= 0 ? dateOf(shop, customer.joined) : '',
      customer.left < days ? dateOf(shop, customer.left) : '',
      brief(customer.visits),
      brief(customer.intent),
      brief(customer.dealLove),
      quoted(CATEGORIES[customer.favourite]!.name),
      quoted(CATEGORIES[customer.second]!.name),
      customer.tracked ? 1 : 0,
    ].join(),
  );
  const header = 'customer,segment,joined,left,visits,intent,deal_love,favourite,second,tracked';
  return table('truth/customers.csv', header, rows);
}

function sessionTruth(shop: Shop): Table {
  const { sessions } = shop;
  const rows = sessions.probability.map((probability, i) => {
    const invoice = sessions.invoice[i]!;
    return `${sessionId(i)},${brief(probability)},${invoice < 0 ? 0 : 1},${invoice < 0 ? '' : invoiceId(invoice, false)}`;
  });
  return table('truth/sessions.csv', 'session,probability,bought,invoice', rows);
}
