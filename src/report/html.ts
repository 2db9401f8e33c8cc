// Text into HTML: everything that comes from data goes through here.

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for element content and quoted attributes; characters that HTML forbids become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Cuts text to `most` characters, the last of them an ellipsis; never inside a surrogate pair. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text.slice(0, 2 * most)];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/**
 * A name from the data, such as a series id, kept from turning the text around it (right-to-left scripts).
 * Where it is cut the whole name, up to 300 characters, is in its tooltip.
 */
export function nameHtml(name: string, most = 60): string {
  const short = shorten(name, most);
  const title = short === name ? '' : ` title="${escapeHtml(shorten(name, 300))}"`;
  return `<bdi${title}>${escapeHtml(short === '' ? '(no name)' : short)}</bdi>`;
}
