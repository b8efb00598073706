// Whether the page is built so that one can find one's way without seeing it.

const headings = () => all('h1, h2, h3, h4, h5, h6, [role=heading]').filter((e) => drawn(e) && !silent(e));
const levelOf = (e) => Number(e.getAttribute('aria-level') ?? e.tagName[1]);

/** heading: one h1, and no level left out on the way down. */
rules.heading = (breaks) => {
  let before = 0;
  for (const e of headings()) {
    if (!tidy(said(e))) breaks(e, 'an empty heading');
    if (e.getRootNode() === document && levelOf(e) > before + 1) breaks(e, before ? `h${levelOf(e)} after h${before}` : `the first heading is an h${levelOf(e)}`);
    before = levelOf(e);
  }
  const first = headings().filter((e) => levelOf(e) === 1);
  if (first.length === 0) breaks(document.body, 'no h1');
  for (const e of first.slice(1)) breaks(e, 'a second h1');
};

/** landmark: one main, everything within a landmark, and those of one kind told apart. */
rules.landmark = (breaks) => {
  const mains = all('main, [role=main]').filter(drawn);
  if (mains.length !== 1) breaks(mains[1] ?? document.body, `${mains.length} main parts`);
  const names = new Set();
  for (const e of all('nav, [role=navigation]').filter(drawn)) {
    const name = nameOf(e);
    if (names.has(name)) breaks(e, `two navigations called “${name}”`);
    names.add(name);
  }
  for (const e of document.body.children) {
    if (!e.matches('main, header, footer, nav, aside, script, template, style, [role=main], [role=banner], [role=region], a.skip') && drawn(e) && !silent(e) && tidy(said(e))) breaks(e, 'outside of every landmark');
  }
};

/** skip: the first thing that Tab finds leads past the navigation, to something that takes the focus. */
rules.skip = (breaks) => {
  if (!document.querySelector('nav')) return;
  const first = operable()[0];
  const to = first?.matches('a[href^="#"]') && document.getElementById(first.hash.slice(1));
  if (!to || !(first.compareDocumentPosition(document.querySelector('nav')) & Node.DOCUMENT_POSITION_FOLLOWING)) breaks(first ?? document.body, 'no link that skips the navigation comes first');
  else if (to.tabIndex < 0 && !to.hasAttribute('tabindex')) breaks(first, 'the link that skips leads to what cannot take the focus');
};

/** document: its language, its title, and that it can be enlarged. */
rules.document = (breaks) => {
  const html = document.documentElement;
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(html.lang)) breaks(html, `the language is “${html.lang}”`);
  if (!tidy(document.title)) breaks(html, 'no title');
  for (const e of all('[lang]')) if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(e.getAttribute('lang'))) breaks(e, 'a language that does not exist');
  for (const e of all('meta[name=viewport]')) if (/user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*[01](\.|,|$)/.test(e.content)) breaks(e, 'cannot be enlarged');
  for (const e of all('meta[http-equiv=refresh], blink, marquee')) breaks(e, 'moves by itself');
};

/** table: data have headers. */
rules.table = (breaks) => {
  for (const e of all('table:not([role=presentation], [role=none])')) {
    if (!drawn(e)) continue;
    if (!e.querySelector('th')) breaks(e, 'a table without headers');
    for (const th of e.querySelectorAll('th')) if (!tidy(said(th)) && drawn(th)) breaks(th, 'an empty header');
    for (const th of e.querySelectorAll('tbody th:not([scope])')) breaks(th, 'the header of a row without scope=row');
    for (const th of e.querySelectorAll('thead th:not([scope])')) if (e.querySelector('tbody th')) breaks(th, 'the header of a column without scope=col');
    for (const td of e.querySelectorAll('[headers]')) for (const id of td.getAttribute('headers').split(' ')) if (!byId(td, id)) breaks(td, 'headers that do not exist');
  }
};

/** list: lists hold items, and items are in lists. */
rules.list = (breaks) => {
  for (const e of all('ul, ol')) for (const x of e.children) if (!x.matches('li, script, template')) breaks(x, 'in a list, but no item of it');
  for (const e of all('li')) if (!e.parentElement?.matches('ul, ol, menu, [role=list]')) breaks(e, 'an item without a list');
  for (const e of all('dl')) for (const x of e.children) if (!x.matches('dt, dd, div, script, template')) breaks(x, 'in a list of terms, but neither term nor meaning');
  for (const e of all('dt, dd')) if (!e.closest('dl')) breaks(e, 'a term without a list');
};

/** order: the focus follows the text, and the eye follows the focus. */
rules.order = (breaks) => {
  for (const e of all('[tabindex]')) if (e.tabIndex > 0) breaks(e, 'pushes to the front of the order');
  for (const e of all(interactive)) {
    for (const x of up(e)) {
      if (getComputedStyle(x).order !== '0' && drawn(e)) {
        breaks(x, 'stands elsewhere for the eye than for the ear');
        break;
      }
    }
  }
};
