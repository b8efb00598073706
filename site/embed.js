// <terrarium-predict src="model.wasm">: a form for a model that Terrarium compiled, and its
// answer. embed.d.ts tells how to use it.

const WORDS = {
  predict: 'Predict', loading: 'Loading the model…', failed: 'The model could not be loaded', missing: 'not known',
  range: 'learned from {min} to {max}', outside: 'unlike anything the model has seen', wanted: 'not understood',
  numbers: '{n} numbers', draw: 'draw here', picture: 'choose a picture', clear: 'Clear', why: 'What the answer hangs on', off: 'usually off by {by}',
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
[part=fill] { height: .7em; border-radius: 1em }`);

/** h makes an element with properties, or attributes where there is no such property. */
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const name in properties) name in element ? element[name] = properties[name] : element.setAttribute(name, properties[name]);
  element.append(...children);
  return element;
}

const DAY = 864e5;
const short = (v, options = { maximumSignificantDigits: 4, useGrouping: 'min2' }) => v.toLocaleString(undefined, options);
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

function said({ labels, threshold = 0.5 }, values) {
  if (!labels) return { answer: values[1] === undefined ? values[0] : values };
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
  #loading; #exports; #result; #watch;

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
    this.#controls = this.description.inputs.map((input, i) => ([1, 3, 4].includes(input.shape?.[2]) ? this.#picture(input) : this.#field(input, 'f' + i)));
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

  /** A picture is drawn, chosen, dropped or pasted. */
  #picture(input) {
    const { name, shape: [height, width, channels], config = {} } = input, zoom = Math.ceil(224 / width), grey = channels < 3;
    const [paper, ink] = config.light ?? grey ? ['#000', '#fff'] : ['#fff', '#000'];
    const pad = h('canvas', { part: 'pad', width: width * zoom, height: height * zoom, tabIndex: 0, role: 'img', 'aria-label': `${name}: ${this.#word('draw')}` });
    const pen = pad.getContext('2d'), clear = () => { pen.fillStyle = paper; pen.fillRect(0, 0, pad.width, pad.height); };
    clear();
    Object.assign(pen, { lineWidth: pad.width / 12, lineCap: 'round', strokeStyle: ink });
    pad.onpointerdown = pad.onpointermove = ({ type, buttons, offsetX, offsetY }) => {
      const unit = pad.width / pad.clientWidth;
      if (type === 'pointerdown') pen.beginPath();
      if (buttons) pen.lineTo(offsetX * unit, offsetY * unit);
      pen.stroke();
    };
    const take = async ([file]) => {
      if (!file) return;
      try {
        const bitmap = await createImageBitmap(file), fit = Math.min(pad.width / bitmap.width, pad.height / bitmap.height), w = bitmap.width * fit, t = bitmap.height * fit;
        clear();
        pen.drawImage(bitmap, (pad.width - w) / 2, (pad.height - t) / 2, w, t);
      } catch (error) { this.#fail(error); }
    };
    const get = () => {
      const [low, high] = (this.getAttribute('pixels') ?? '0 1').split(' ').map(Number), { mean, scale } = config;
      const small = h('canvas', { width, height }).getContext('2d');
      small.imageSmoothingQuality = 'high';
      small.drawImage(pad, 0, 0, width, height);
      const { data } = small.getImageData(0, 0, width, height);
      return Array.from({ length: size(input) }, (_, i) => {
        const c = i % channels, at = (i - c) / channels * 4, level = grey ? 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2] : data[at + c];
        return mean ? (level - mean[c]) * scale[c] : low + level / 255 * (high - low);
      });
    };
    const dropped = (event) => { event.preventDefault(); take(event.dataTransfer.files); };
    return {
      input, get, set: (v) => { if (v instanceof Blob) take([v]); },
      element: h('fieldset', { part: 'group', ondragover: (event) => event.preventDefault(), ondrop: dropped, onpaste: (event) => take(event.clipboardData.files) },
        h('legend', { part: 'label' }, name), pad, h('button', { type: 'button', part: 'clear', onclick: clear }, this.#word('clear')),
        h('input', { type: 'file', accept: 'image/*', part: 'field', 'aria-label': `${name}: ${this.#word('picture')}`, onchange: (event) => take(event.target.files) })),
    };
  }

  #row(values) {
    const { inputs, inputSize } = this.description, row = values[Symbol.iterator] ? values : inputs.flatMap((input, i) => {
      let v = values[input.name];
      if (input.shape) {
        if (v?.trim) v = v.split(/[\s,;]+/).filter(Boolean).map(Number);
        if (v?.length === size(input) && !v.some(Number.isNaN)) return [...v];
      } else if ((v = raw(input, v)) !== undefined) return v;
      throw Object.assign(Error(`${input.name}: ${this.#word(input.shape ? 'numbers' : 'wanted', { n: size(input) })}`), { field: this.#controls[i].field });
    });
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
    const row = this.#row(values), outputs = this.#run(row);
    let at = 0;
    const answers = this.description.outputs.map((output) => ({ name: output.name, ...said(output, [...outputs.subarray(at, at += size(output))]) }));
    const detail = { values, outputs, answers, ...answers[0] };
    this.#show(answers, row, outputs);
    this.#tell('predict', detail);
    return detail;
  }

  #show(answers, row, outputs) {
    const line = (name, share, text) => {
      const fill = h('div', { part: 'fill' });
      fill.style.width = `${100 * share}%`;
      return h('div', { part: 'row' }, h('span', {}, name), h('div', { part: 'bar' }, fill), h('span', {}, text));
    };
    const off = this.description.metrics?.mae;
    this.#result.replaceChildren(...answers.flatMap(({ name, answer, probabilities }, i) => [
      h('span', { part: 'label' }, name),
      h('b', { part: 'value' }, probabilities ? answer : [answer].flat().slice(0, 20).map((v) => short(v)).join('; '), ' ', this.description.outputs[i].unit ?? ''),
      ...Object.entries(probabilities ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 10).map(([label, p]) => line(label, p, short(p, { style: 'percent', maximumFractionDigits: 1 }))),
      off && !probabilities ? h('small', { part: 'hint' }, this.#word('off', { by: short(off) })) : '',
    ]));
    const changes = this.#changes(row, outputs, answers[0].best);
    if (changes.length) this.#result.append(h('details', { part: 'why' }, h('summary', {}, this.#word('why')), ...changes.map(([name, by]) => line(name, Math.abs(by / changes[0][1]), short(by, { maximumSignificantDigits: 2, signDisplay: 'always' })))));
  }

  /** changes compares with typical values. */
  #changes(row, outputs, best) {
    const { inputs, outputSize } = this.description;
    if (inputs.length < 2 || inputs.some(({ shape }) => shape)) return [];
    const out = this.#run(inputs.flatMap((input, i) => [...row].with(i, raw(input, input.default)))), at = (outputSize > 1 && best) || 0;
    return inputs.map(({ name }, i) => [name, outputs[at] - out[i * outputSize + at]]).filter(([, by]) => by).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 5);
  }
}

customElements.get('terrarium-predict') ?? customElements.define('terrarium-predict', TerrariumPredict);
