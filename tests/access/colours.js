// Whether text can be told from what it stands on, and fields from what is around them.

const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const parsed = new Map();

/** colour reads any colour of CSS as red, green, blue from 0 to 255 and opacity from 0 to 1. */
function colour(text) {
  if (!parsed.has(text)) {
    const m = /^rgba?\(([^)]*)\)$/.exec(text);
    if (m) {
      const [r, g, b, a = 1] = m[1].split(/[\s,/]+/).map(Number);
      parsed.set(text, [r, g, b, a]);
    } else {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      parsed.set(text, [r, g, b, a / 255]);
    }
  }
  return parsed.get(text);
}

const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];

function luminance([r, g, b]) {
  const line = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
}

function contrast(a, b) {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

/** ground is what an element stands on; undefined where that is a picture. */
function ground(e) {
  const layers = [];
  for (const x of up(e)) {
    const s = getComputedStyle(x);
    if (s.backgroundImage !== 'none') return undefined;
    const c = colour(s.backgroundColor);
    layers.push([c, Number(s.opacity)]);
    if (c[3] === 1) break;
  }
  const own = getComputedStyle(document.documentElement).colorScheme, schemes = own === 'normal' ? document.querySelector('meta[name=color-scheme]')?.content ?? '' : own;
  const page = colour(schemes.includes('dark') && (!schemes.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches) ? '#121212' : '#ffffff');
  return layers.reverse().reduce((under, [c]) => over(c, under), page);
}

/** faded is how much of an element's ink is left by the opacity of what it is in. */
const faded = (e) => [...up(e)].reduce((left, x) => left * Number(getComputedStyle(x).opacity), 1);

const disabled = (e) => [...up(e)].some((x) => x.matches?.(':disabled, [aria-disabled=true]') || (x.tagName === 'LABEL' && x.control?.disabled) || x.tagName === 'FIELDSET' && x.disabled);

/** text reads as 4.5 to 1, large text as 3 to 1. */
rules.contrast = (breaks) => {
  const told = new Set();
  const judge = (e, ink, what) => {
    const s = getComputedStyle(e), under = ground(e);
    if (!under || disabled(e) || unseen(e)) return;
    const [r, g, b, a] = colour(ink);
    const ratio = contrast(over([r, g, b, a * faded(e)], under), under);
    const size = parseFloat(s.fontSize), large = size >= 24 || (size >= 18.66 && Number(s.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5) - 0.005 && !told.has(e)) {
      told.add(e);
      breaks(e, `${what} has a contrast of ${ratio.toFixed(2)}`);
    }
  };
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
      const e = n.parentElement;
      if (!e || !tidy(n.nodeValue) || e.matches('script, style, template, noscript, title, option') || !drawn(e)) continue;
      judge(e, e instanceof SVGElement ? getComputedStyle(e).fill : getComputedStyle(e).color, `“${tidy(n.nodeValue).slice(0, 30)}”`);
    }
  }
  for (const e of all('input, textarea, select')) {
    if (!drawn(e) || e.matches('[type=checkbox], [type=radio], [type=range], [type=file], [type=hidden]')) continue;
    judge(e, getComputedStyle(e).color, 'what it holds');
    if (e.placeholder) judge(e, getComputedStyle(e, '::placeholder').color, 'its placeholder');
  }
  for (const e of all('*')) {
    if (!drawn(e)) continue;
    for (const at of ['::before', '::after']) {
      const s = getComputedStyle(e, at);
      if (/^"[^"]*[\p{L}\p{N}]/u.test(s.content) && s.display !== 'none') judge(e, s.color, at);
    }
  }
};

/** edge: a field can be told from what is around it, by its edge or by its ground: 3 to 1. */
rules.edge = (breaks) => {
  for (const e of all('input:not([type=checkbox], [type=radio], [type=range], [type=file], [type=hidden], [type=button], [type=submit]), select, textarea')) {
    if (!drawn(e) || disabled(e) || unseen(e)) continue;
    const s = getComputedStyle(e), around = ground(parentOf(e)), own = ground(e);
    if (!around || !own) continue;
    const edge = parseFloat(s.borderBottomWidth) > 0 ? contrast(over(colour(s.borderBottomColor), around), around) : 1;
    if (Math.max(edge, contrast(own, around)) < 2.995) breaks(e, `its edge has a contrast of ${edge.toFixed(2)}`);
  }
};

/** underline: a link within text is told from it by more than its colour. */
rules.underline = (breaks) => {
  for (const e of all('p a[href], li a[href], dd a[href]')) {
    if (!drawn(e) || e.closest('nav') || tidy(e.parentElement.textContent) === tidy(e.textContent)) continue;
    const s = getComputedStyle(e);
    if (!s.textDecorationLine.includes('underline') && s.borderBottomWidth === '0px' && s.display === 'inline') breaks(e, 'a link that only its colour tells from the text');
  }
};
