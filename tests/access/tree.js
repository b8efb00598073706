// What every rule stands on: elements of the page and of its open shadow trees, what of
// them is there for eyes, what for assistive technology, and what it is called.

/** roots are the document and every open shadow tree in it. */
const roots = (() => {
  const found = [document];
  for (let i = 0; i < found.length; i++) {
    for (const e of found[i].querySelectorAll('*')) if (e.shadowRoot) found.push(e.shadowRoot);
  }
  return found;
})();

const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);

const parentOf = (e) => e.assignedSlot ?? e.parentElement ?? e.getRootNode().host ?? null;

function* up(e) {
  for (; e; e = parentOf(e)) yield e;
}

const byId = (e, id) => e.getRootNode().getElementById?.(id) ?? null;

/** drawn tells whether an element has a place in the picture, if only a hidden pixel. */
const drawn = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });

/** unseen tells whether it is there for screen readers alone: clipped to nothing. */
const unseen = (e) => [...up(e)].some((x) => {
  const s = getComputedStyle(x);
  return s.clipPath === 'inset(50%)' || (s.position === 'absolute' && x.offsetWidth <= 1 && x.offsetHeight <= 1);
});

const silent = (e) => [...up(e)].some((x) => x.getAttribute('aria-hidden') === 'true');

const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

/** said is the text of an element as a screen reader reads it. */
function said(e) {
  if (e.nodeType === Node.TEXT_NODE) return e.nodeValue;
  if (e.nodeType !== Node.ELEMENT_NODE || e.getAttribute('aria-hidden') === 'true' || !drawn(e)) return '';
  if (e.hasAttribute('aria-label')) return e.getAttribute('aria-label');
  if (e.tagName === 'IMG') return e.alt;
  if (e.matches('select, input, textarea')) return '';
  return [...e.childNodes].map(said).join(e.matches('span, b, em, i, strong, code, a, abbr, mark') ? '' : ' ');
}

const contentNames = new Set(['button', 'link', 'heading', 'summary', 'cell', 'columnheader', 'rowheader', 'option', 'tab', 'menuitem', 'checkbox', 'radio', 'switch']);

/** nameOf is an element's accessible name. */
function nameOf(e) {
  const by = tidy((e.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => id && byId(e, id)).filter(Boolean).map((x) => x.textContent).join(' '));
  if (by) return by;
  const label = tidy(e.getAttribute('aria-label'));
  if (label) return label;
  if (e.labels?.length) return tidy([...e.labels].map(said).join(' '));
  if (e.tagName === 'IMG') return tidy(e.alt);
  if (e.tagName === 'svg') return tidy(e.querySelector(':scope > title')?.textContent);
  if (e.tagName === 'TABLE') return tidy(e.caption?.textContent);
  if (e.tagName === 'FIELDSET') return tidy(e.querySelector(':scope > legend')?.textContent);
  if (e.tagName === 'INPUT' && /^(button|submit|reset)$/.test(e.type)) return tidy(e.value);
  return contentNames.has(roleOf(e)) ? tidy(said(e)) : '';
}

/** roleOf is the role that an element has, by its attribute or by its kind. */
function roleOf(e) {
  const given = tidy(e.getAttribute('role')).split(' ')[0];
  if (given) return given;
  switch (e.tagName) {
    case 'A': return e.hasAttribute('href') ? 'link' : 'generic';
    case 'BUTTON': return 'button';
    case 'SUMMARY': return 'summary';
    case 'SELECT': return e.multiple || e.size > 1 ? 'listbox' : 'combobox';
    case 'TEXTAREA': return 'textbox';
    case 'INPUT': return { checkbox: 'checkbox', radio: 'radio', range: 'slider', number: 'spinbutton', button: 'button', submit: 'button', reset: 'button', file: 'button', hidden: 'none' }[e.type] ?? 'textbox';
    case 'H1': case 'H2': case 'H3': case 'H4': case 'H5': case 'H6': return 'heading';
    case 'IMG': return e.getAttribute('alt') === '' ? 'none' : 'img';
    case 'MAIN': return 'main';
    case 'NAV': return 'navigation';
    case 'SECTION': return e.hasAttribute('aria-labelledby') || e.hasAttribute('aria-label') ? 'region' : 'generic';
    case 'TABLE': return 'table';
    case 'TD': return 'cell';
    case 'TH': return e.scope === 'row' ? 'rowheader' : 'columnheader';
    case 'OPTION': return 'option';
    case 'PROGRESS': return 'progressbar';
    case 'METER': return 'meter';
    case 'OL': case 'UL': return 'list';
    case 'LI': return 'listitem';
    case 'FORM': return 'form';
    case 'FIELDSET': return 'group';
    case 'FIGURE': return 'figure';
    case 'OUTPUT': return 'status';
    case 'DIALOG': return 'dialog';
    case 'ARTICLE': return 'article';
    case 'DETAILS': return 'group';
    default: return 'generic';
  }
}

const interactive = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role=button], [role=link], [role=checkbox], [role=slider], [role=switch], [role=tab], audio[controls], video[controls]';

/** operable are the controls that a person may come upon now. */
const operable = () => all(interactive).filter((e) => drawn(e) && e.tabIndex >= 0);

const focusable = (e) => e.tabIndex >= 0 && !e.matches(':disabled') && drawn(e);

const rules = {};
