// Walking rows through trees in AssemblyScript.

@inline
function step(nodes: usize, node: usize, row: usize): usize {
  const x = load<f64>(row + <usize>load<u32>(node, 8));
  const kind = load<u32>(node, 20);
  let isLeft: bool;
  if (kind & 2) {
    // Codes beyond the levels, and what is not a code, go right; the set's first word says how many levels there are.
    const set = nodes + <usize>load<u32>(node, 0);
    const levels = <f64>load<u32>(set);
    const isCode = x >= 0 && x < levels;
    const code = isCode ? <u32>x : 0;
    const isIn = isCode && ((load<u32>(set + 4 + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1) == 1;
    isLeft = x != x ? (kind & 1) == 1 : isIn;
  } else {
    isLeft = <bool>(i32(x <= load<f64>(node)) | (<i32>kind & i32(x != x)));
  }
  return nodes + <usize>select<u32>(load<u32>(node, 12), load<u32>(node, 16), isLeft);
}

/**
 * Adds what trees say of rows to their scores; the features of row r begin at values + 8 r, and are `rows` of f64 apart. A node
 * is 24 bytes: threshold or place of its set, place of its feature, left, right, kind (1: missing goes left, 2: categories). A
 * leaf leads to itself. For each tree, `trees` has where it begins and where its leaves do, `at` from `nodes` on.
 */
export function walk(
  nodes: usize,
  trees: usize,
  treeCount: i32,
  values: usize,
  count: i32,
  score: usize,
  outputs: i32,
): void {
  let output: usize = 0;
  const across = <usize>outputs << 3;
  for (let t: usize = 0; t < <usize>treeCount; t++) {
    const root = nodes + <usize>load<u32>(trees + (t << 3));
    const leaves = nodes + <usize>load<u32>(trees + (t << 3), 4);
    let at = score + (output << 3);
    let r: i32 = 0;
    // Four rows at once: their walks do not wait for each other.
    for (; r + 4 <= count; r += 4, at += across << 2) {
      const row = values + (<usize>r << 3);
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      while (min(min(a, b), min(c, d)) < leaves) {
        a = step(nodes, a, row);
        b = step(nodes, b, row + 8);
        c = step(nodes, c, row + 16);
        d = step(nodes, d, row + 24);
      }
      store<f64>(at, load<f64>(at) + load<f64>(a));
      store<f64>(at + across, load<f64>(at + across) + load<f64>(b));
      store<f64>(at + 2 * across, load<f64>(at + 2 * across) + load<f64>(c));
      store<f64>(at + 3 * across, load<f64>(at + 3 * across) + load<f64>(d));
    }
    for (; r < count; r++, at += across) {
      let a = root;
      while (a < leaves) a = step(nodes, a, values + (<usize>r << 3));
      store<f64>(at, load<f64>(at) + load<f64>(a));
    }
    output++;
    if (output == <usize>outputs) output = 0;
  }
}
