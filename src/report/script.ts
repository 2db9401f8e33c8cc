// The page's one script: finding and sorting in the list of series. Without it the page reads the same.

export const SCRIPT = `(() => {
  const table = document.querySelector('table.series');
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const box = document.querySelector('.find');
  const input = box.querySelector('input');
  const output = box.querySelector('output');
  box.hidden = false;
  const name = (cell) => cell.querySelector('[title]')?.title ?? cell.textContent;
  const text = new Map(rows.map((row) => {
    const parts = [name(row.cells[0]), row.cells[5].textContent, row.cells[6].textContent];
    return [row, parts.join(' ').toLowerCase()];
  }));
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !text.get(row).includes(wanted);
      if (!row.hidden) shown++;
    }
    output.textContent = wanted === '' ? '' : shown + ' of ' + rows.length;
  });
  for (const head of table.tHead.rows[0].cells) {
    const kind = head.dataset.sort;
    if (!kind) continue;
    // Not a button element: browsers leave those out where they repeat the head of a table on paper.
    const button = document.createElement('span');
    button.setAttribute('role', 'button');
    button.tabIndex = 0;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener('click', () => {
      const first = kind === 'number' ? 'descending' : 'ascending';
      const other = kind === 'number' ? 'ascending' : 'descending';
      const order = head.getAttribute('aria-sort') === first ? other : first;
      for (const cell of table.tHead.rows[0].cells) cell.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', order);
      const sign = order === 'ascending' ? 1 : -1;
      const at = head.cellIndex;
      const key = (row) => (kind === 'text' ? row.cells[at].textContent : row.cells[at].dataset.v);
      const collator = new Intl.Collator('en', { numeric: true });
      rows.sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
        return sign * (kind === 'text' ? collator.compare(x, y) : x - y);
      });
      body.append(...rows);
    });
  }
})();`;

/** What the page's security policy knows the script by: the SHA-256 of its text. A test holds the two together. */
export const SCRIPT_HASH = 'sha256-tO5T5u3wnUQzaMZTE0qT56Rok/TsWNMwah0LOMUWyNY=';
