import type { Desk, Move } from '../desk.ts';
import { findText, nameOf, recordOf, referenceOf, type Item } from '../results.ts';
import { inSentence, spokenList, spokenNumber, spokenPrice, spokenReference } from '../spoken.ts';
import { findAllMentioned, findQuantity } from '../understanding/details.ts';
import { ANYTHING_ELSE, cannot, confirm, explain } from './answering.ts';

const TOOL = 'create_order';

interface Wanted {
  readonly product: Item;
  readonly quantity: number;
}

export function order(desk: Desk): Move {
  if (!desk.offers(TOOL)) return cannot(desk, 'take an order');
  const done = desk.runs(TOOL, desk.since).at(-1);
  if (done) return { text: report(done.result) };
  if (desk.lastRun?.failure && desk.lastRun.name === TOOL) return explain(desk.lastRun.failure, desk);
  const products = desk.listed('list_products');
  if (!products) {
    const look = desk.use('list_products');
    if (look) return look;
    return desk.lastRun?.failure ? explain(desk.lastRun.failure, desk) : cannot(desk, 'see what we sell');
  }
  const wanted = wantedItems(desk, products);
  if (wanted.length === 0) return { text: whichProduct(products) };
  const items = wanted.map(({ product, quantity }) => ({ product: productKey(product), quantity }));
  const plan = `That is ${spokenList(wanted.map(spokenItem), 'and')}.`;
  return (
    desk.missingAboutCaller(TOOL) ??
    confirm(desk, plan, 'Shall I place the order?') ??
    desk.use(TOOL, { items, product: items[0]!.product, quantity: items[0]!.quantity }) ?? {
      text: 'I could not place that order. What would you like to change?',
    }
  );
}

/** What was mentioned last counts, product by product: "make it three" changes the last one. */
function wantedItems(desk: Desk, products: readonly Item[]): readonly Wanted[] {
  const wanted = new Map<Item, number>();
  for (const { said } of desk.since) {
    const mentioned = findAllMentioned(said, products, nameOf);
    for (const product of mentioned) wanted.set(product, findQuantity(said, nameOf(product)));
    const changed = /\bmake (?:it|that) (\w+)\b/i.exec(said)?.[1];
    const last = [...wanted.keys()].at(-1);
    if (mentioned.length === 0 && changed && last)
      wanted.set(last, findQuantity(`${changed} ${nameOf(last)}`, nameOf(last)));
  }
  return [...wanted].map(([product, quantity]) => ({ product, quantity }));
}

function spokenItem({ product, quantity }: Wanted): string {
  const name = inSentence(nameOf(product));
  const price = spokenPrice(product, /price/i);
  const count = quantity === 1 ? `one ${name}` : `${spokenNumber(quantity)} ${name}s`;
  return price === undefined ? count : `${count} at ${price}${quantity === 1 ? '' : ' each'}`;
}

function whichProduct(products: readonly Item[]): string {
  const names = products.slice(0, 3).map((product) => inSentence(nameOf(product)));
  return `What would you like to order? We have, for example, ${spokenList(names, 'and')}.`;
}

function productKey(product: Item): string {
  return (
    findText(product, /^(productId|id)$/i) ??
    findText(product, /^(product|sku|slug|key)$/i) ??
    nameOf(product)
  );
}

function report(result: unknown): string {
  const reference = referenceOf(result);
  const total = spokenPrice(recordOf(result), /total/i);
  const ending = reference ? ` The reference is ${spokenReference(reference)}` : '';
  const price = total ? `${ending ? ', and it' : ' It'} comes to ${total}` : '';
  return `Your order is placed.${ending}${price}${ending || price ? '.' : ''} ${ANYTHING_ELSE}`;
}
