// What columns of sales tables are called, in the languages shops export them in; best names first.

/**
 * A name in words: lower case, no accents, `_` between words, so that `InvoiceDate`, `Invoice date`
 * and `INVOICE_DATE` are one.
 */
export function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export type Vocabulary = 'time' | 'target' | 'product' | 'place' | 'group' | 'order' | 'customer' | 'price';

export const VOCABULARY: Readonly<Record<Vocabulary, readonly string[]>> = {
  time: words(`
    ds date datetime date_time timestamp time order_date invoice_date sales_date sale_date transaction_date
    transaction_timestamp purchase_date created_at order_created_at paid_at processed_at day week_start
    week_ending week_end week_date month_start year_month yearmonth month_year month_date year_week yearweek period
    datum bestelldatum rechnungsdatum verkaufsdatum belegdatum orderdatum buchungsdatum fecha fecha_venta fecha_pedido
    date_commande date_vente data_vendita data_ordine data_venda data_pedido data datetime_utc
    week wk month quarter year woche kw monat quartal jahr semaine mois annee semana mes ano settimana mese anno
    maand kwartaal jaar tag jour dia giorno dag zeit zeitpunkt tiempo temps t step index`),
  target: words(`
    y target demand quantity_sold units_sold quantity qty units unit_sales sales_qty sales_units sold sold_qty
    items_sold net_quantity ordered_quantity order_quantity lineitem_quantity weekly_sales daily_sales monthly_sales
    sales sale log_move logmove move sales_volume total_volume volume turnover revenue net_sales gross_sales
    total_sales sales_value sales_amount amount net_amount total value values orders order_count count
    menge absatz stuckzahl verkaufte_menge anzahl verkaufe verkauf umsatz cantidad unidades ventas venta importe
    quantite qte ventes unites chiffre_affaires quantita vendite venduto pezzi fatturato quantidade unidades_vendidas
    vendas receita faturamento aantal verkoop verkopen omzet antal forsaljning ilosc sprzedaz`),
  /** What is sold: such a column belongs to the id whenever it is there. */
  product: words(`
    unique_id series_id series id sku item_id item_code item_no item product_id product_code product stock_code
    stock_keeping_unit article_id article_number article_no article asin ean gtin upc barcode variant_sku variant_id
    variant lineitem_sku style_code artikelnummer artikel_nr artikelnr artikel produktnummer produkt_id produkt material
    materialnummer codigo_articulo articulo producto codigo produit code_produit reference ref prodotto
    codice_articolo articolo codice produto artikelcode indeks`),
  /** Where or through what it is sold. */
  place: words(`
    store store_id store_nbr store_code shop shop_id outlet branch location location_id warehouse site market region
    state country city channel sales_channel marketplace retailer customer_group filiale laden tienda magasin
    boutique negozio punto_vendita loja winkel vestiging land pais pays paese`),
  /** What it belongs to. */
  group: words(`
    dept department category product_category cat family product_family brand type class subclass segment
    sub_category industry group line level key abteilung kategorie warengruppe marke categoria familia marca categorie
    famille marque gamme reparto afdeling merk name product_name item_name lineitem_name`),
  order: words(`
    invoice_no invoice invoice_number invoice_id order_id order_no order_number order order_name basket_id basket
    receipt receipt_no receipt_id receipt_number amazon_order_id transaction_id transaction_no transaction ticket ticket_no bon bon_nr
    rechnungsnummer rechnung_nr rechnungsnr bestellnummer bestell_nr auftragsnummer belegnummer factura
    numero_factura pedido numero_pedido facture numero_commande commande fattura ordine numero_ordine fatura
    factuurnummer bestelling ordernummer`),
  customer: words(`
    customer_id customer customer_no customer_number customer_email email client_id client user_id user buyer buyer_id
    household_id member_id kunde kunden_nr kundennummer cliente cliente_id id_cliente klant klantnummer`),
  price: words(`
    unit_price price sell_price selling_price list_price item_price lineitem_price avg_price net_price preis einzelpreis
    stuckpreis precio precio_unitario prix prix_unitaire prezzo prezzo_unitario preco preco_unitario prijs`),
};

/** How well a plain name fits a vocabulary: 0 the best, rising; undefined where it does not belong. */
export function rankOf(plain: string, vocabulary: Vocabulary): number | undefined {
  const index = VOCABULARY[vocabulary].indexOf(plain);
  return index < 0 ? undefined : index;
}

/** Times that are not the time of the sale. */
export const OTHER_TIME: RegExp =
  /(^|_)(ship|shipped|shipping|delivery|delivered|due|birth|expiry|expires|expiration|updated|modified|cancelled|refund|launch|end|fulfilled|liefer\w*|versand\w*|geburts\w*)(_|$)/;
/** Words that describe rather than identify. */
export const DESCRIPTION: RegExp =
  /(^|_)(description|descr|title|text|comment|note|url|image|address|street|phone|email|currency|zip|postal|postcode|beschreibung|bezeichnung|descripcion|descrizione|descricao|omschrijving)(_|$)/;
/** Columns a shop usually knows ahead. */
export const LIKELY_KNOWN: RegExp =
  /(^|_)(is_|on_?)?(holidays?|promos?|promotions?|promoted|prices?|deals?|feat|features?|featured|discounts?|markdowns?\d*|events?|snap|campaigns?|school|feiertage?|aktion(en)?|angebote?|rabatte?|preise?|festivos?|promociones?|precios?|descuentos?|prix|soldes|prezz[oi]|sconti?|precos?)\d*(_|$)/;
/** Names of plain counters of time, which are steps even where their numbers look like years. */
export const STEP_NAME: RegExp = /^(t|step|index|n|week|wk|period|time_idx|time_index|day)$/;
/** Names that make a bare number a date: Excel serials are believed only under such a name. */
export const DATE_NAME: RegExp = /(date|datum|fecha|data|jour|day|tag|dia|timestamp|time|zeit|^ds$|_at$)/;
