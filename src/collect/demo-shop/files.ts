// Writes the shop's tables into a folder.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Shop } from './shop.ts';
import { shopTables } from './tables.ts';

/**
 * Writes the files a real shop would have (`sales.csv`, `orders.csv`, `products.csv`, `calendar.csv`, `stock.csv`,
 * `sessions.csv`) and, under `truth/`, what only a simulator can know. Makes the folder where it is missing and
 * replaces files of the same names, each at once.
 * @returns the paths of the files, sales.csv first
 */
export async function writeShop(shop: Shop, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, text } of shopTables(shop)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.partial`, text);
    await rename(`${path}.partial`, path);
    paths.push(path);
  }
  return paths;
}
