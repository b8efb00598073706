// The frame of the page in another language: what stands in the HTML is translated as
// soon as the table of words is there. What the program draws, it translates by itself
// (bindings/page/language.go), by the same table.

const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt'];

/**
 * speak translates the page's frame by a table, given as text. It returns the text, and a
 * function that says what the table says in the place of a text of ours.
 */
export function speak(text) {
  const table = new Map(Object.values(JSON.parse(text)).flatMap(Object.entries));
  const say = (words) => {
    const core = words.trim().replace(/\s+/g, ' ');
    const other = table.get(core);
    return other === undefined ? words : words.replace(words.trim(), () => other);
  };
  document.title = say(document.title);
  const description = document.querySelector('meta[name=description]');
  if (description) description.content = say(description.content);
  walk(document.body, say);
  return { text, of: (words) => table.get(words) ?? words };
}

function walk(element, say) {
  if (element.translate === false || element.localName === 'noscript') return;
  for (const name of SPOKEN) {
    if (element.hasAttribute(name)) element.setAttribute(name, say(element.getAttribute(name)));
  }
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) node.data = say(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE) walk(node, say);
  }
  for (const node of element.childNodes) {
    if (node.nextSibling) tighten(node, node.nextSibling);
  }
}

/** tighten drops the space between neighbours where both sides are Chinese, or one is its punctuation. */
function tighten(left, right) {
  const before = left.textContent.trimEnd().at(-1) ?? '', after = right.textContent.trimStart()[0] ?? '';
  if (!(MARK.test(before) || MARK.test(after) || WIDE.test(before) && WIDE.test(after))) return;
  if (left.nodeType === Node.TEXT_NODE) left.data = left.data.trimEnd();
  if (right.nodeType === Node.TEXT_NODE) right.data = right.data.trimStart();
}

const MARK = /^[，。；：、！？（）]$/u;
const WIDE = /^[\u3000-\u9fff\uff00-\uffef]$/u;
