// Whether everything that does something, or shows something, says what it is.

/** controls have a name. */
rules.name = (breaks) => {
  for (const e of operable()) if (!nameOf(e) && !silent(e) && !e.matches('.scroll, pre')) breaks(e, `a ${roleOf(e)} without a name`);
  for (const e of all('[role=img], [role=progressbar], progress, meter, [role=meter], [role=dialog], dialog[open], [role=radiogroup], [role=application], iframe, th')) {
    if (drawn(e) && !silent(e) && !nameOf(e) && !(e.tagName === 'IFRAME' && e.title)) breaks(e, `a ${roleOf(e)} without a name`);
  }
};

/** fields have a label: a placeholder vanishes, a title is not seen by everybody. */
rules.label = (breaks) => {
  for (const e of all('input:not([type=hidden], [type=button], [type=submit], [type=reset]), select, textarea')) {
    if (drawn(e) && !e.labels?.length && !nameOf(e)) breaks(e, 'a field without a label');
  }
  for (const e of all('label[for]')) if (!byId(e, e.htmlFor)) breaks(e, `a label for ${e.htmlFor}, which does not exist`);
};

/** labelInName: who says what stands on a button means that button. */
rules.labelInName = (breaks) => {
  const plain = (text) => tidy(text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' '));
  for (const e of operable()) {
    if (!e.hasAttribute('aria-label') && !e.hasAttribute('aria-labelledby')) continue;
    const seen = e.labels?.length ? [...e.labels].map((l) => l.textContent).join(' ') : contentNames.has(roleOf(e)) ? e.textContent : '';
    if (plain(seen) && !plain(nameOf(e)).includes(plain(seen))) breaks(e, `shows “${tidy(seen)}” and is called “${nameOf(e)}”`);
  }
};

/** pictures are named, or hidden from those who do not see them. */
rules.picture = (breaks) => {
  const within = (e) => [...up(e)].slice(1).some((x) => (x.matches('[role=img], button, a, [role=application], [role=button]')) && nameOf(x));
  for (const e of all('img:not([alt]), input[type=image]:not([alt])')) if (!silent(e)) breaks(e, 'a picture without an alt');
  for (const e of all('svg, canvas, video')) {
    if (e.parentElement?.closest('svg') || !drawn(e) || silent(e) || within(e)) continue;
    if (e.tagName === 'VIDEO' ? !nameOf(e) : e.getAttribute('role') !== 'img' || !nameOf(e)) breaks(e, 'a drawing that is neither named nor hidden');
  }
};

/** twins: two controls of one name that do different things need something that tells them apart. */
rules.twins = (breaks) => {
  const seen = new Map(), places = new Map([[undefined, 0]]);
  const number = (place) => places.get(place) ?? places.set(place, places.size).get(place);
  for (const e of operable()) {
    const name = nameOf(e);
    if (!name || silent(e)) continue;
    const place = [...up(e)].slice(1).find((x) => x.matches('tr, li, fieldset:has(> legend), [role=group][aria-label], [role=group][aria-labelledby], figure, section'));
    const key = `${roleOf(e)}|${name}|${roots.indexOf(e.getRootNode())}|${number(place)}`;
    const does = e.matches('a') ? e.getAttribute('href') : `${e.dataset.act}|${e.dataset.arg}|${e.id}`;
    if (seen.has(key) && seen.get(key) !== does) breaks(e, `another ${roleOf(e)} beside it is called “${name}” as well`);
    seen.set(key, does);
  }
};
