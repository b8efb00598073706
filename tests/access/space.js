// Whether there is room: for fingers, for narrow windows, and for those who scroll by keys.

/** narrow: the page is not wider than its window. */
rules.narrow = (breaks) => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return;
  const clipped = (e) => [...up(e)].slice(1).some((x) => getComputedStyle(x).overflowX !== 'visible' && x !== document.body && x !== document.documentElement);
  const wide = all('body *').filter((e) => e.getBoundingClientRect().right > width + 1 && !clipped(e));
  for (const e of wide.filter((x) => ![...x.children].some((y) => wide.includes(y)))) breaks(e, 'sticks out of the window');
  if (!wide.length) breaks(document.body, 'is wider than its window');
};

/** target: what a finger must hit is 24 pixels wide and high, or a word within text. */
rules.target = (breaks) => {
  for (const e of operable()) {
    if (silent(e)) continue;
    const boxes = (unseen(e) ? [] : [e]).concat([...(e.labels ?? [])].filter(drawn));
    const big = boxes.some((x) => x.offsetWidth >= 24 && x.offsetHeight >= 24 || (({ width, height }) => width >= 23.99 && height >= 23.99)(x.getBoundingClientRect()));
    const inText = e.matches('a') && getComputedStyle(e).display === 'inline' && tidy(e.parentElement.textContent) !== tidy(e.textContent);
    const gone = unseen(e) && !boxes.length;
    if (!big && !inText && !gone && !e.matches('.skip')) breaks(e, `only ${Math.round(e.getBoundingClientRect().width)} by ${Math.round(e.getBoundingClientRect().height)} pixels`);
  }
};

/** scroll: what scrolls can be scrolled by keys, and says what it is. */
rules.scroll = (breaks) => {
  for (const e of all('*')) {
    if (!drawn(e) || e === document.documentElement || e === document.body || e.matches('textarea, select, input')) continue;
    const s = getComputedStyle(e);
    const moves = (/auto|scroll/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1) || (/auto|scroll/.test(s.overflowY) && e.scrollHeight > e.clientHeight + 1);
    if (!moves || unseen(e)) continue;
    if (e.tabIndex < 0 && ![...e.querySelectorAll(interactive)].some(focusable)) breaks(e, 'scrolls, but not by keys');
    else if (e.tabIndex >= 0 && !nameOf(e)) breaks(e, 'takes the focus to be scrolled, but has no name');
  }
};

/** covered: no text lies cut off in a box that does not scroll. */
rules.cut = (breaks) => {
  for (const e of all('button, .file, summary, th, h1, h2, h3, h4, label, legend')) {
    if (!drawn(e) || unseen(e)) continue;
    const s = getComputedStyle(e);
    if (s.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1) breaks(e, 'its text is cut off');
    if (s.overflowX === 'visible' && e.matches('button, .file') && e.scrollWidth > e.clientWidth + 2) breaks(e, 'its text sticks out');
  }
};

/** focus: where the focus is can be seen. */
rules.focus = (breaks) => {
  const active = document.activeElement;
  for (const e of operable()) {
    if (e.matches(':disabled') || silent(e)) continue;
    const face = unseen(e) && e.labels?.length ? e.labels[0] : e;
    const look = () => (({ outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, textDecorationLine }) => [outlineStyle === 'none' ? '' : outlineStyle + outlineWidth, boxShadow, borderColor, backgroundColor, textDecorationLine].join())(getComputedStyle(face));
    active?.blur?.();
    e.blur();
    const before = look();
    e.focus({ preventScroll: true, focusVisible: true });
    if (look() === before) breaks(e, 'nothing shows that the focus is here');
    e.blur();
  }
  active?.focus?.({ preventScroll: true });
};
