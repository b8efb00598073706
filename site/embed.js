// <terrarium-predict src="model.wasm">: a form for a model that Terrarium compiled, and its
// answer. embed.d.ts tells how to use it. Models of texts and pictures load embed-media.js too.

const WORDS = {
  predict: 'Predict', loading: 'Loading the model…', failed: 'The model could not be loaded', missing: 'not known',
  range: 'learned from {min} to {max}', outside: 'unlike anything the model has seen', wanted: 'not understood',
  numbers: '{n} numbers', draw: 'draw here', picture: 'choose a picture', clear: 'Clear', camera: 'Camera', stop: 'Stop', text: 'Text', image: 'Picture',
  why: 'What the answer hangs on', off: 'usually off by {by}', interval: 'from {low} to {high} in {share} of cases',
};

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host { display: block; color: var(--terrarium-text) }
form, [part=fields], [part=group], output { display: grid; gap: .3em; align-content: start; border: 0; margin: 0; padding: 0; min-width: 0 }
form, [part=fields] { gap: var(--terrarium-gap, 1em) }
[part=fields] { grid-template-columns: repeat(auto-fit, minmax(min(13em, 100%), 1fr)) }
input, select, textarea, button, canvas { font: inherit; color: inherit; background: var(--terrarium-field, #8881); border: 1px solid var(--terrarium-border, #888); border-radius: var(--terrarium-radius, .4em); padding: .4em .6em; box-sizing: border-box; max-width: 100% }
[part=field] { width: 100% }
button, canvas { justify-self: start }
output { max-width: 40em }
option { background: Canvas; color: CanvasText }
[type=submit], [part=fill] { background: var(--terrarium-accent, #1d7a4c); color: var(--terrarium-on-accent, #fff) }
:focus-visible { outline: 3px solid var(--terrarium-focus, Highlight) }
canvas { padding: 0; width: 14em; touch-action: none }
[part=value] { font-size: 1.3em }
[part=row] { display: grid; grid-template-columns: minmax(4em, 30%) 1fr 5em; gap: .5em; align-items: center; overflow-wrap: anywhere }
[part=row] :last-child { text-align: end }
[part=bar] { background: var(--terrarium-track, #8883); border-radius: 1em }
[part=fill] { height: .7em; border-radius: 1em }
::placeholder { color: inherit; opacity: .85 }
summary { padding: .3em 0 }`);

/** h makes an element with properties, or attributes where there is no such property. */
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const name in properties) name in element ? element[name] = properties[name] : element.setAttribute(name, properties[name]);
  element.append(...children);
  return element;
}

const DAY = 864e5;
const short = (v, options = { maximumSignificantDigits: 4, useGrouping: 'min2' }) => v.toLocaleString(undefined, options);
const percent = (v) => short(v, { style: 'percent', maximumFractionDigits: 1 });
const isMedium = ({ raw, shape }) => raw || [1, 3, 4].includes(shape?.[2]);
const size = ({ shape = [] }) => shape.reduce((a, b) => a * b, 1);

/** number reads 3.5, 3,5, 1,234.5 and, where the comma is decimal, 1.234,5. */
const number = (text, decimalComma) => Number(text.replace(/[\s'’]/g, '').replace(decimalComma ? /\.(?=\d{3}(?!\d))/g : /,(?=\d{3}(?!\d))/g, '').replace(',', '.').replace('−', '-'));

/** days reads a date whose order is ymd, dmy or mdy. */
function days(text, order) {
  const [a, b, c] = text.match(/\d+/g) ?? [];
  return Date.UTC(...a > 99 || order === 'ymd' ? [a, b - 1, c] : order === 'mdy' ? [c, a - 1, b] : [c, b - 1, a]) / DAY;
}

/** raw is a value as the model takes it; undefined: not understood. */
function raw({ kind, categories, other, offset = 0, decimalComma, dateOrder }, value) {
  if (value == null || value === '') return NaN;
  if (categories) {
    const index = (word) => (categories.includes(word) ? categories.indexOf(word) : NaN);
    return index(value + '') >= 0 ? index(value + '') : index(other);
  }
  if (value instanceof Date) value /= DAY;
  if (value.trim) value = kind === 'date' ? days(value, dateOrder) : number(value, decimalComma);
  return Number.isFinite(Math.fround(value)) ? value - offset : undefined;
}

function said({ labels, interval, threshold = 0.5 }, values) {
  if (!labels) return { answer: values[1] === undefined ? values[0] : values, ...interval && { low: values[0] + interval.low, high: values[0] + interval.high, share: interval.share } };
  const best = values.length > 1 ? values.indexOf(Math.max(...values)) : Number(values[0] >= threshold);
  if (values.length < 2) values = [1 - values[0], values[0]];
  return { best, answer: labels[best], probabilities: Object.fromEntries(labels.map((label, i) => [label, values[i]])) };
}

// A model is compiled once, however many elements show it.
const modules = {};
const moduleOf = (url, integrity) => modules[url + integrity] ??= (async () => {
  const response = await fetch(url, { integrity });
  if (!response.ok) throw Error(`${url}: ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
})().catch((error) => { delete modules[url + integrity]; throw error; });

class TerrariumPredict extends HTMLElement {
  static observedAttributes = ['src', 'labels', ...Object.keys(WORDS).map((key) => 'label-' + key)];
  #root = this.attachShadow({ mode: 'open' });
  #controls = [];
  #loading; #exports; #result; #watch; #media; #soon; #open;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [STYLE];
  }

  get src() { return this.getAttribute('src'); }
  set src(url) { this.setAttribute('src', url); }
  get labels() { try { return JSON.parse(this.getAttribute('labels')) ?? {}; } catch { return {}; } }
  set labels(words) { this.setAttribute('labels', JSON.stringify(words)); }

  get values() { return Object.fromEntries(this.#controls.map(({ input, get }) => [input.name, get()])); }
  set values(values) { for (const { input, set } of this.#controls) if (input.name in values) set(values[input.name]); }

  get ready() { return this.#load(); }

  connectedCallback() {
    for (const name of ['src', 'labels']) { // set before this file had arrived
      const value = this[name], own = Object.hasOwn(this, name);
      if (own && delete this[name]) this[name] = value;
    }
    this.#begin();
  }

  disconnectedCallback() { this.#watch?.disconnect(); }

  attributeChangedCallback(name) {
    if (name === 'src') this.#loading = undefined;
    else if (this.#result) this.#draw();
    if (this.isConnected) this.#begin();
  }

  /** begin loads the model: where loading is lazy, once it can be seen. */
  #begin() {
    const now = () => { if (this.src) this.#load().catch(() => {}); };
    this.#watch?.disconnect();
    if (this.#loading || this.getAttribute('loading') !== 'lazy') return now();
    this.#watch = new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) now(this.#watch.disconnect()); }, { rootMargin: '200px' });
    this.#watch.observe(this);
  }

  #word(key, values) {
    return (this.getAttribute('label-' + key) ?? this.labels[key] ?? WORDS[key]).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  #load() {
    return this.#loading ??= (async () => {
      const { src } = this;
      this.#root.replaceChildren(h('p', { part: 'status', role: 'status' }, this.#word('loading')));
      try {
        const module = await moduleOf(new URL(src, document.baseURI).href, this.getAttribute('integrity') ?? '');
        const [section] = WebAssembly.Module.customSections(module, 'terrarium');
        if (!section) throw Error('it does not describe itself');
        const { exports } = await WebAssembly.instantiate(module);
        if (exports.abi.value !== 1) throw Error('it needs another version of embed.js');
        if (src !== this.src) return this.#load(); // another one was asked for meanwhile
        this.#exports = exports;
        this.description = JSON.parse(new TextDecoder().decode(section));
        if (this.description.inputs.some(isMedium)) this.#media = await import('./embed-media.js');
        this.#controls = [];
        this.#draw();
        this.#tell('ready', this.description);
        return this.description;
      } catch (error) {
        if (src === this.src) {
          this.#root.replaceChildren(h('p', { part: 'error', role: 'alert' }, `${this.#word('failed')}: ${error.message}`));
          this.#tell('error', error);
        }
        throw error;
      }
    })();
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail, bubbles: name !== 'error' })); }

  #draw() {
    const { values } = this;
    const tools = { h, word: (...a) => this.#word(...a), fail: (e) => this.#fail(e), pixels: () => this.getAttribute('pixels') ?? '0 1', changed: () => {
      clearTimeout(this.#soon);
      this.#soon = setTimeout(() => this.predict().catch(tools.fail), 200);
    } };
    this.#controls = this.description.inputs.map((input, i) => (isMedium(input) ? this.#media.control(input, 'f' + i, tools) : this.#field(input, 'f' + i)));
    this.values = values;
    this.#result = h('output', { part: 'answer' });
    this.#root.replaceChildren(h('form', {
      part: 'form', noValidate: true,
      onsubmit: (event) => { event.preventDefault(); this.predict().catch((error) => this.#fail(error)); },
    }, h('div', { part: 'fields' }, ...this.#controls.map(({ element }) => element)), h('button', { part: 'button', type: 'submit' }, this.#word('predict')), this.#result));
  }

  #fail(error) {
    this.#result.replaceChildren(h('p', { part: 'error', role: 'alert' }, error.message));
    error.field?.focus();
    this.#tell('error', error);
  }

  #field(input, id) {
    const { name, unit, kind, shape, categories, min, max, decimalComma } = input, date = kind === 'date', missing = this.#word('missing');
    const shown = (v) => (date ? new Date(v * DAY).toLocaleDateString(undefined, { timeZone: 'UTC' }) : short(v));
    const range = shape ? this.#word('numbers', { n: size(input) }) : categories ? '' : this.#word('range', { min: shown(min), max: shown(max) });
    const hint = h('small', { part: 'hint', id: id + 'h' }, range);
    const field = h(categories ? 'select' : shape ? 'textarea' : 'input', { id, part: 'field', 'aria-describedby': hint.id, inputmode: 'decimal', autocomplete: 'off', placeholder: missing });
    if (categories) field.append(h('option', { value: '' }, missing), ...categories.map((word) => h('option', {}, word)));
    if (date) field.type = kind;
    field.oninput = () => {
      const v = raw({ ...input, offset: 0 }, field.value);
      hint.textContent = !categories && (v < min || v > max) ? `${this.#word('outside')} (${range})` : range;
    };
    const set = (v) => {
      if (date) field.valueAsNumber = raw(input, v) * DAY;
      else field.value = typeof v === 'number' && decimalComma ? (v + '').replace('.', ',') : v ?? '';
    };
    set(input.default);
    return { input, field, set, get: () => field.value, element: h('div', { part: 'group' }, h('label', { htmlFor: id, part: 'label' }, unit ? `${name} (${unit})` : name), field, hint) };
  }

  /** encode has the model make numbers of a text's or a picture's bytes. */
  #encode({ raw, name }, bytes) {
    const { memory, input, encode, [raw]: room } = this.#exports, at = input(1) && room(bytes.length);
    if (!at) throw Error(`${name}: ${bytes.length}`);
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
    return new Float32Array(memory.buffer, encode(0, bytes.length), this.description.inputSize).slice();
  }

  async #row(values) {
    const { inputSize } = this.description, row = [];
    for (const { input, field, read } of this.#controls) {
      let v = values[input.name];
      if (read) v = await read(v);
      if (input.shape) {
        if (input.raw && v?.BYTES_PER_ELEMENT === 1) v = this.#encode(input, v);
        if (v?.trim) v = v.split(/[\s,;]+/).filter(Boolean).map(Number);
        v = v?.length === size(input) && !v.some(Number.isNaN) ? v : undefined;
      } else v = raw(input, v);
      if (v === undefined) throw Object.assign(Error(`${input.name}: ${this.#word(input.shape ? 'numbers' : 'wanted', { n: size(input) })}`), { field });
      row.push(...input.shape ? v : [v]);
    }
    if (row.length !== inputSize) throw Error(`${row.length} ≠ ${inputSize}`);
    return row;
  }

  #run(rows) {
    const { memory, input, run } = this.#exports, { inputSize, outputSize } = this.description, count = rows.length / inputSize;
    new Float32Array(memory.buffer, input(count), rows.length).set(rows);
    return new Float32Array(memory.buffer, run(count), count * outputSize).slice();
  }

  /** predict answers for values by name, for a row of numbers, or for what the form holds. */
  async predict(values) {
    await this.#load();
    values ??= this.values;
    const row = values[Symbol.iterator] ? values : await this.#row(values), outputs = this.#run(row);
    let at = 0;
    const answers = this.description.outputs.map((output) => ({ name: output.name, ...said(output, [...outputs.subarray(at, at += size(output))]) }));
    const detail = { values, outputs, answers, ...answers[0] };
    this.#show(answers, row, outputs, values);
    this.#tell('predict', detail);
    return detail;
  }

  #show(answers, row, outputs, values) {
    const line = (name, share, text) => {
      const fill = h('div', { part: 'fill' });
      fill.style.width = `${100 * share}%`;
      return h('div', { part: 'row' }, h('span', {}, name), h('div', { part: 'bar' }, fill), h('span', {}, text));
    };
    const off = this.description.metrics?.mae, hint = (...word) => h('small', { part: 'hint' }, this.#word(...word));
    this.#result.replaceChildren(...answers.flatMap(({ name, answer, probabilities, low, high, share }, i) => [
      h('span', { part: 'label' }, name),
      h('b', { part: 'value' }, probabilities ? answer : [answer].flat().slice(0, 20).map((v) => short(v)).join('; '), ' ', this.description.outputs[i].unit ?? ''),
      ...Object.entries(probabilities ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 10).map(([label, p]) => line(label, p, percent(p))),
      share ? hint('interval', { low: short(low), high: short(high), share: percent(share) }) : off && !probabilities ? hint('off', { by: short(off) }) : '',
    ]));
    const others = this.#others(row, values), at = (outputs.length > 1 && answers[0].best) || 0;
    if (!others) return;
    const why = h('details', { part: 'why', open: this.#open }, h('summary', {}, this.#word('why')));
    why.ontoggle = () => {
      this.#open = why.open;
      if (why.open) why.append(...others().map(([name, other]) => [name, outputs[at] - this.#run(other)[at]]).filter(([, by]) => by).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 5)
        .map(([name, by], _, [[, most]]) => line(name, Math.abs(by / most), short(by, { maximumSignificantDigits: 2, signDisplay: 'always' }))));
      why.ontoggle = () => { this.#open = why.open; };
    };
    this.#result.append(why);
  }

  /** others makes rows that an answer is compared with: with a typical value in place of one, or without a word. */
  #others(row, values) {
    const { inputs } = this.description, [{ input, without }] = this.#controls;
    if (without) return typeof values[input.name] === 'string' && (() => without(values[input.name]).map(([word, bytes]) => [word, this.#encode(input, bytes)]));
    return inputs.length > 1 && !inputs.some(({ shape }) => shape) && (() => inputs.map((input, i) => [input.name, [...row].with(i, raw(input, input.default))]));
  }
}

customElements.get('terrarium-predict') ?? customElements.define('terrarium-predict', TerrariumPredict);
