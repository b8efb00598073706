// Whether what is said to assistive technology is right: roles, attributes, references.

const knownRoles = new Set(('alert alertdialog application article banner button cell checkbox columnheader combobox complementary contentinfo definition dialog '
  + 'document feed figure form grid gridcell group heading img link list listbox listitem log main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter '
  + 'navigation none note option presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status '
  + 'switch tab table tablist tabpanel term textbox timer toolbar tooltip tree treegrid treeitem').split(' '));

const bool = /^(true|false)$/, tri = /^(true|false|mixed)$/, number = /^-?\d+(\.\d+)?$/, any = /\S/;
const knownAttributes = {
  activedescendant: any, atomic: bool, autocomplete: /^(none|inline|list|both)$/, busy: bool, checked: tri, colcount: number, colindex: number, colspan: number,
  controls: any, current: /^(page|step|location|date|time|true|false)$/, describedby: any, description: any, details: any, disabled: bool, errormessage: any,
  expanded: bool, flowto: any, haspopup: /^(true|false|menu|listbox|tree|grid|dialog)$/, hidden: bool, invalid: /^(true|false|grammar|spelling)$/, keyshortcuts: any,
  label: any, labelledby: any, level: number, live: /^(off|polite|assertive)$/, modal: bool, multiline: bool, multiselectable: bool,
  orientation: /^(horizontal|vertical)$/, owns: any, placeholder: any, posinset: number, pressed: tri, readonly: bool, relevant: any, required: bool,
  roledescription: any, rowcount: number, rowindex: number, rowspan: number, selected: bool, setsize: number, sort: /^(none|ascending|descending|other)$/,
  valuemax: number, valuemin: number, valuenow: number, valuetext: any,
};
const onlyOn = {
  pressed: ['button'], checked: ['checkbox', 'radio', 'switch', 'option', 'menuitemcheckbox', 'menuitemradio', 'treeitem'], selected: ['option', 'tab', 'gridcell', 'row', 'treeitem', 'columnheader', 'rowheader'],
  sort: ['columnheader', 'rowheader'], valuetext: ['slider', 'spinbutton', 'progressbar', 'meter', 'scrollbar', 'separator'], valuenow: ['slider', 'spinbutton', 'progressbar', 'meter', 'scrollbar', 'separator'],
  expanded: ['button', 'link', 'combobox', 'checkbox', 'menuitem', 'row', 'tab', 'treeitem', 'switch', 'gridcell', 'summary', 'application'], level: ['heading', 'listitem', 'row', 'treeitem'],
  modal: ['dialog', 'alertdialog'],
};
const needs = { checkbox: 'checked', switch: 'checked', radio: 'checked', slider: 'valuenow', meter: 'valuenow', scrollbar: 'controls', heading: 'level', option: 'selected' };

/** roles exist, and have what they need. */
rules.role = (breaks) => {
  for (const e of all('[role]')) {
    const role = roleOf(e);
    if (!knownRoles.has(role)) breaks(e, `there is no role ${role}`);
    else if (needs[role] && !e.hasAttribute(`aria-${needs[role]}`) && !e.matches('input, option, h1, h2, h3, h4, h5, h6, meter')) breaks(e, `the role ${role} needs aria-${needs[role]}`);
    if (/^(none|presentation)$/.test(role) && (focusable(e) || e.hasAttribute('aria-label'))) breaks(e, 'a role of none on what can be used');
  }
};

const nameless = new Set(['generic', 'none', 'presentation']);

/** attributes exist, have values that mean something, and stand where they may. */
rules.attribute = (breaks) => {
  for (const e of all('*')) {
    for (const { name, value } of e.attributes) {
      if (!name.startsWith('aria-')) continue;
      const known = knownAttributes[name.slice(5)], where = onlyOn[name.slice(5)];
      if (!known) breaks(e, `there is no ${name}`);
      else if (!known.test(value)) breaks(e, `${name} cannot be “${value}”`);
      else if (where && !where.includes(roleOf(e))) breaks(e, `${name} does not belong on a ${roleOf(e)}`);
      else if (/^aria-label(ledby)?$/.test(name) && nameless.has(roleOf(e)) && !/^(VIDEO|AUDIO|DL|IFRAME)$/.test(e.tagName) && !e.tagName.includes('-')) breaks(e, `${name} on what has no role is not read`);
    }
  }
};

/** references point at something. */
rules.reference = (breaks) => {
  for (const name of ['labelledby', 'describedby', 'controls', 'owns', 'details', 'errormessage', 'activedescendant', 'flowto']) {
    for (const e of all(`[aria-${name}]`)) {
      for (const id of e.getAttribute(`aria-${name}`).trim().split(/\s+/)) {
        if (!byId(e, id)) breaks(e, `aria-${name} points at ${id}, which does not exist`);
      }
    }
  }
  for (const e of all('a[href^="#"]')) {
    const id = decodeURIComponent(e.getAttribute('href').slice(1));
    if (id !== 'top' && !byId(e, id)) breaks(e, `a link to ${id}, which does not exist`);
  }
};

/** ids are unique. */
rules.id = (breaks) => {
  for (const root of roots) {
    const seen = new Set();
    for (const e of root.querySelectorAll('[id]')) {
      if (seen.has(e.id)) breaks(e, `the id ${e.id} twice`);
      if (!e.id) breaks(e, 'an empty id');
      seen.add(e.id);
    }
  }
};

/** hidden: nothing that takes the focus is hidden from assistive technology. */
rules.hidden = (breaks) => {
  for (const e of all('[aria-hidden=true]')) {
    if (e === document.body) breaks(e, 'the whole page is hidden');
    for (const x of [e, ...e.querySelectorAll(interactive)]) if (focusable(x)) breaks(x, 'takes the focus, but is hidden');
  }
};

/** nested: no control within a control. */
rules.nested = (breaks) => {
  for (const e of all('a[href], button, [role=button], [role=link], [role=img], summary, [role=checkbox], [role=slider], option')) {
    for (const x of e.querySelectorAll(interactive)) breaks(x, `within a ${roleOf(e)}`);
  }
};

/** live: what changes by itself is announced. */
rules.live = (breaks) => {
  if (document.documentElement.dataset.live === 'none') return;
  const regions = all('[role=status], [role=log], [aria-live=polite], output');
  if (!regions.length) breaks(document.body, 'nothing says aloud how things stand');
  for (const e of regions) if (silent(e)) breaks(e, 'a status that is hidden from those it is for');
  for (const e of all('.problem')) if (drawn(e) && !e.closest('noscript') && e.getAttribute('role') !== 'alert') breaks(e, 'a problem that is not announced');
};
