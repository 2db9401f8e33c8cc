// What the demo shop deals in: its categories, their goods, seasons and habits. Names and brands are invented.
import type { Swell } from './calendar.ts';

export interface Item {
  readonly name: string;
  /** Usual list price. */
  readonly price: number;
}

export interface Category {
  readonly name: string;
  /** First three letters of its SKUs. */
  readonly prefix: string;
  readonly items: readonly Item[];
  readonly variants: readonly string[];
  /** Three makers, from the cheapest to the dearest. */
  readonly brands: readonly [string, string, string];
  /** Mean own-price elasticity of its products. */
  readonly elasticity: number;
  /** Factor on the rates of its products. */
  readonly popularity: number;
  /** Share of order lines that come back. */
  readonly returnRate: number;
  readonly season: readonly Swell[];
  /** Full log lift of each holiday that matters. */
  readonly holidays: Readonly<Record<string, number>>;
}

const christmas = (height: number): Swell => ({ peak: '12-16', rise: 22, fall: 5, height });
const EVERYWHERE = { 'Black Friday': 0.3, 'Christmas Day': 0.45 };
const goods = (text: string): Item[] =>
  text.split('; ').map((entry) => {
    const cut = entry.lastIndexOf(' ');
    return { name: entry.slice(0, cut), price: Number(entry.slice(cut + 1)) };
  });

export const CATEGORIES: readonly Category[] = [
  {
    name: 'Table linen',
    prefix: 'TAB',
    items: goods(
      'Linen tablecloth 42; Cotton napkins, set of four 18; Jute table runner 23; Linen tea towel 9; Waffle placemat 8; Woven bread cloth 12',
    ),
    variants: ['sand', 'sage', 'ivory', 'clay', 'indigo', 'mustard', 'charcoal', 'rose'],
    brands: ['Brambleway', 'Alderwick', 'Tidefold'],
    elasticity: -1.8,
    popularity: 0.8,
    returnRate: 0.06,
    season: [christmas(0.6), { peak: '05-10', rise: 45, fall: 45, height: 0.15 }],
    holidays: { ...EVERYWHERE, 'Easter Sunday': 0.35, "Mother's Day": 0.2 },
  },
  {
    name: 'Candles',
    prefix: 'CAN',
    items: goods(
      'Beeswax pillar candle 13; Soy candle in glass 17; Tapered candles, set of six 11; Tea lights, box of thirty 7; Amber lantern 29; Ceramic candle dish 12',
    ),
    variants: ['fig', 'cedar', 'sea salt', 'vanilla', 'pine', 'lavender', 'amber', 'unscented'],
    brands: ['Mossgrove', 'Lanternby', 'Emberlow'],
    elasticity: -2.2,
    popularity: 1.3,
    returnRate: 0.02,
    season: [christmas(0.8), { peak: '12-20', rise: 70, fall: 60, height: 0.6 }],
    holidays: { ...EVERYWHERE, "Valentine's Day": 0.55, Halloween: 0.35, "Mother's Day": 0.4 },
  },
  {
    name: 'Kitchen',
    prefix: 'KIT',
    items: goods(
      'Enamel mug 11; Oak chopping board 32; Stoneware bowl 15; Cast-iron skillet 58; Glass storage jar 9; Olive-wood spoon 8',
    ),
    variants: ['cream', 'forest', 'slate', 'speckled', 'navy', 'terracotta', 'natural', 'large'],
    brands: ['Alderwick', 'Kettleford', 'Hearthstead'],
    elasticity: -1.6,
    popularity: 1.2,
    returnRate: 0.05,
    season: [christmas(0.55), { peak: '09-20', rise: 30, fall: 40, height: 0.1 }],
    holidays: { ...EVERYWHERE, 'Easter Sunday': 0.15, "Mother's Day": 0.25 },
  },
  {
    name: 'Garden',
    prefix: 'GAR',
    items: goods(
      'Terracotta planter 19; Galvanised watering can 27; Folding garden chair 54; Herb seed collection 12; Canvas picnic rug 39; Bird feeder 21',
    ),
    variants: ['small', 'medium', 'large', 'moss', 'chalk', 'copper', 'striped', 'classic'],
    brands: ['Mossgrove', 'Fernhollow', 'Tidefold'],
    elasticity: -2.0,
    popularity: 1,
    returnRate: 0.05,
    season: [
      { peak: '05-28', rise: 42, fall: 50, height: 1.7 },
      { peak: '12-12', rise: 18, fall: 6, height: 0.4 },
    ],
    holidays: { ...EVERYWHERE, 'Black Friday': 0.2, 'Easter Sunday': 0.45 },
  },
  {
    name: 'Stationery',
    prefix: 'STA',
    items: goods(
      'Dotted notebook 10; Canvas pencil case 13; Week planner 16; Brass pen 24; Letter paper, forty sheets 9; Leather satchel 79',
    ),
    variants: ['rust', 'ink', 'olive', 'sky', 'plum', 'kraft', 'black', 'coral'],
    brands: ['Paperwend', 'Inkfield', 'Quillmere'],
    elasticity: -1.3,
    popularity: 1,
    returnRate: 0.03,
    season: [
      { peak: '08-29', rise: 16, fall: 12, height: 1.25 },
      { peak: '01-06', rise: 14, fall: 16, height: 0.5 },
      christmas(0.4),
    ],
    holidays: EVERYWHERE,
  },
  {
    name: 'Toys',
    prefix: 'TOY',
    items: goods(
      'Wooden train 34; Stacking blocks 22; Knitted rabbit 19; Skipping rope 8; Puzzle, 500 pieces 17; Doll’s tea set 26',
    ),
    variants: ['rainbow', 'natural', 'ocean', 'meadow', 'circus', 'starry', 'farmyard', 'jungle'],
    brands: ['Pebblekin', 'Larkspur & Son', 'Timbertop'],
    elasticity: -2.4,
    popularity: 1.2,
    returnRate: 0.04,
    season: [christmas(1.5), { peak: '07-05', rise: 30, fall: 30, height: 0.2 }],
    holidays: { ...EVERYWHERE, 'Black Friday': 0.4, 'Easter Sunday': 0.5 },
  },
  {
    name: 'Bedding',
    prefix: 'BED',
    items: goods(
      'Washed-linen duvet cover 96; Wool throw 64; Feather pillow 38; Cotton sheet 36; Quilted bedspread 88; Velvet cushion 27',
    ),
    variants: ['oat', 'fog', 'blush', 'midnight', 'eucalyptus', 'white', 'ochre', 'plaid'],
    brands: ['Brambleway', 'Softmoor', 'Alderwick'],
    elasticity: -2.6,
    popularity: 0.9,
    returnRate: 0.1,
    season: [
      { peak: '01-12', rise: 60, fall: 50, height: 0.5 },
      { peak: '10-10', rise: 30, fall: 40, height: 0.3 },
    ],
    holidays: EVERYWHERE,
  },
  {
    name: 'Festive',
    prefix: 'FES',
    items: goods(
      'Glass baubles, set of six 16; Paper star 9; Fir wreath 34; Advent calendar 24; Felt stocking 18; String of lights 21',
    ),
    variants: ['red', 'gold', 'silver', 'frosted', 'pine green', 'plum', 'snowy', 'tartan'],
    brands: ['Lanternby', 'Winterholm', 'Starling & Fir'],
    elasticity: -2.1,
    popularity: 0.3,
    returnRate: 0.04,
    season: [{ peak: '12-06', rise: 24, fall: 10, height: 4.2 }],
    holidays: { ...EVERYWHERE, 'Christmas Day': 1 },
  },
];
