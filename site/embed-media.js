// What embed.js loads for models of texts and pictures: a box to type in; a pad to draw on,
// which also takes pictures that are chosen, dropped, pasted or seen by a camera.

/** control makes the field of an input: its element, what it holds, and how values become bytes. */
export const control = (input, id, tools) => (input.raw === 'utf8' ? text : picture)(input, id, tools);

/** A text is answered while it is typed. */
function text(input, id, { h, word, changed }) {
  const field = h('textarea', { id, part: 'field', rows: 4, dir: 'auto', oninput: changed });
  const read = (v) => (v?.BYTES_PER_ELEMENT || Array.isArray(v) ? v : new TextEncoder().encode(v ?? ''));
  /** without is the text without each of its words. */
  const without = (v) => [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(v)].filter(({ isWordLike }) => isWordLike).slice(0, 60).map(({ segment, index }) => [segment, read(v.slice(0, index) + v.slice(index + segment.length))]);
  return { input, field, read, without, get: () => field.value, set: (v) => { field.value = v ?? ''; }, element: h('div', { part: 'group' }, h('label', { htmlFor: id, part: 'label' }, word('text')), field) };
}

// Pictures are brought to the model's size as the studio does it (core/data/image). Here
// they are { data, width, height }, 4 bytes a pixel.

const whole = (a, b) => Math.floor(a / b);
/** part is a long side in proportion, rounded. */
const part = (a, b, c) => Math.max(1, whole(a * b + whole(c, 2), c));

/** axis says of which pixels of a line each new one is made, and what each of them counts. */
const axis = (from, to) => Array.from({ length: to }, (_, i) => {
  if (to < from) { // the mean of the area that it covers
    const begin = i * from, end = begin + from, first = whole(begin, to), weights = [];
    for (let k = first; k * to < end; k++) weights.push(Math.min(end, (k + 1) * to) - Math.max(begin, k * to));
    return { first, weights, total: from };
  }
  const total = 2 * to, centre = Math.max((2 * i + 1) * from - to, 0), first = whole(centre, total), rest = centre - first * total;
  return { first, weights: first + 1 < from ? [total - rest, rest] : [total], total }; // between two neighbours
});

/** pass resizes along one axis: lines are as many, their pixels lie step apart; unit is 1 of a byte. */
function pass(data, sides, along, step, lines, line, gain, loss, Out) {
  const out = new Out(sides.length * lines * 4);
  sides.forEach(({ first, weights, total }, i) => {
    for (let n = 0; n < lines; n++) {
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * data[n * line + (first + k) * step + c];
        out[n * along[1] + i * along[0] + c] = whole(sum * gain + whole(total * loss, 2), total * loss);
      }
    }
  });
  return out;
}

function resized({ data, width, height }, w, h) {
  if (w === width && h === height) return { data, width, height };
  const rows = pass(data, axis(width, w), [4, 4 * w], 4, height, 4 * width, 256, 1, Float64Array);
  return { data: pass(rows, axis(height, h), [4 * w, 4], 4 * w, w, 4, 1, 256, Uint8ClampedArray), width: w, height: h };
}

/** laid is a picture of w × h in which another lies at x, y, on a ground. */
function laid({ data, width, height }, x, y, w, h, ground = []) {
  const out = new Uint8ClampedArray(w * h * 4);
  for (let i = 0; i < w * h; i++) {
    const fromX = i % w - x, fromY = whole(i, w) - y, inside = fromX >= 0 && fromY >= 0 && fromX < width && fromY < height;
    for (let c = 0; c < 4; c++) out[i * 4 + c] = inside ? data[(fromY * width + fromX) * 4 + c] : ground[c];
  }
  return { data: out, width: w, height: h };
}

/** edge is the mean colour of the outermost pixels. */
function edge({ data, width, height }) {
  const sum = [0, 0, 0, 0];
  let n = 0;
  for (let i = 0; i < width * height; i++) {
    const x = i % width, y = whole(i, width);
    if (x && y && x < width - 1 && y < height - 1) continue;
    n++;
    for (let c = 0; c < 4; c++) sum[c] += data[i * 4 + c];
  }
  return sum.map((v) => whole(v + whole(n, 2), n));
}

/** fitted brings a picture to a size; without a word on how, the middle is kept, as Teachable Machine does. */
function fitted(p, w, h, { kept = Infinity, fit = 'crop' }) {
  const { width, height } = p, long = Math.max(width, height), wide = w * height > h * width;
  if (long > kept) return fitted(resized(p, part(width, kept, long), part(height, kept, long)), w, h, { fit });
  if (fit === 'crop') {
    const [cw, ch] = wide ? [width, part(width, h, w)] : [part(height, w, h), height];
    return resized(laid(p, -whole(width - cw, 2), -whole(height - ch, 2), cw, ch), w, h);
  }
  if (fit === 'stretch') return resized(p, w, h);
  const inner = wide ? resized(p, part(width, h, height), h) : resized(p, w, part(height, w, width));
  return laid(inner, whole(w - inner.width, 2), whole(h - inner.height, 2), w, h, edge(inner));
}

/** A picture is drawn, chosen, dropped, pasted or filmed. */
function picture(input, id, { h, word, fail, pixels, changed }) {
  const { raw, shape: [height, width, channels], config = {} } = input, name = raw ? word('image') : input.name, zoom = Math.ceil(224 / width), grey = channels < 3;
  const [paper, ink] = config.light ?? grey ? ['#000', '#fff'] : ['#fff', '#000'];
  const canvas = (width, height, ground, properties) => {
    const element = h('canvas', { width, height, ...properties }), pen = element.getContext('2d', { willReadFrequently: true });
    pen.fillStyle = ground;
    pen.fillRect(0, 0, width, height);
    Object.assign(pen, { strokeStyle: ink, lineCap: 'round', lineJoin: 'round' });
    return pen;
  };
  const pen = canvas(width * zoom, height * zoom, paper, { part: 'pad', id, tabIndex: 0, role: 'img', 'aria-label': `${name}: ${word('draw')}` });
  const pad = pen.canvas, { width: right, height: bottom } = pad;
  pen.lineWidth = right / 15;
  let lines = [], taken, stream;
  const clear = () => {
    lines = [];
    taken = undefined;
    pen.fillRect(0, 0, right, bottom);
  };
  const stroke = (on, line, place) => {
    on.beginPath();
    on.moveTo(...place(line[0]));
    for (const at of line) on.lineTo(...place([at[0] + .01, at[1]])); // a dot is a line too
    on.stroke();
  };
  pad.onpointerdown = pad.onpointermove = ({ type, buttons, pointerId, offsetX, offsetY }) => {
    const unit = right / pad.clientWidth, at = [offsetX * unit, offsetY * unit];
    if (type === 'pointerdown') {
      if (taken) clear();
      pad.setPointerCapture(pointerId);
      lines.push([at]);
    } else if (buttons && lines.length) lines.at(-1).push(at);
    else return;
    stroke(pen, lines.at(-1), (point) => point);
  };
  pad.onpointerup = changed;

  /** drawn is the drawing in the middle, at 5/7 of the side, as the studio shows it to the model. */
  const drawn = () => {
    const side = 224, to = canvas(side, side, paper), points = lines.flat(), limits = [0, 1].map((k) => points.map((point) => point[k])).map((all) => [Math.min(...all), Math.max(...all)]);
    const scale = side * 5 / 7 / Math.max(...limits.map(([low, high]) => high - low), right / 4);
    to.lineWidth = side / 11;
    for (const line of lines) stroke(to, line, (point) => point.map((v, k) => side / 2 + (v - (limits[k][0] + limits[k][1]) / 2) * scale));
    return fitted(to.getImageData(0, 0, side, side), width, height, config);
  };
  /** seen is an image as the model sees it. */
  const seen = (image) => {
    const shrink = Math.min(1, 2048 / Math.max(image.width, image.height)), w = Math.max(1, Math.round(image.width * shrink)), h = Math.max(1, Math.round(image.height * shrink)), to = canvas(w, h, '#fff');
    to.drawImage(image, 0, 0, w, h);
    return fitted(to.getImageData(0, 0, w, h), width, height, config);
  };
  const show = (p) => {
    clear();
    taken = p;
    const small = canvas(width, height, paper);
    small.putImageData(new ImageData(p.data, width, height), 0, 0);
    pen.drawImage(small.canvas, 0, 0, right, bottom);
  };
  const take = async (image) => {
    try {
      if (image) changed(show(seen(await createImageBitmap(image))));
    } catch (error) { fail(error); }
  };
  /** values are bytes, or numbers where the model says nothing of pictures. */
  const values = ({ data }) => {
    if (raw) return data;
    const [low, high] = pixels().split(' ').map(Number);
    return Array.from({ length: width * height * channels }, (_, i) => {
      const c = i % channels, at = (i - c) / channels * 4;
      return low + (grey ? 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2] : data[at + c]) / 255 * (high - low);
    });
  };

  const film = h('button', { type: 'button', part: 'camera', hidden: !navigator.mediaDevices }, word('camera'));
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    film.textContent = word('camera');
  };
  film.onclick = async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: 320 } });
      const video = h('video', { srcObject: stream, muted: true, playsInline: true });
      await video.play();
      film.textContent = word('stop');
      const look = async () => {
        if (!pad.isConnected) stop();
        if (!stream) return;
        await take(video);
        setTimeout(look, 300);
      };
      look();
    } catch (error) { fail(error, stop()); }
  };
  const drop = (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); };
  return {
    input, field: pad, get: () => values(taken ?? drawn()),
    set: (v) => {
      if (v?.length === width * height * 4) show({ data: Uint8ClampedArray.from(v) });
      else if (v && v.length === undefined) take(v);
    },
    read: async (v) => (v && v.length === undefined ? values(seen(await createImageBitmap(v))) : v),
    element: h('fieldset', { part: 'group', ondragover: (event) => event.preventDefault(), ondrop: drop, onpaste: (event) => take(event.clipboardData.files[0]) },
      h('legend', { part: 'label' }, name), pad, h('button', { type: 'button', part: 'clear', onclick: clear }, word('clear')), film,
      h('input', { type: 'file', accept: 'image/*', part: 'field', 'aria-label': `${name}: ${word('picture')}`, onchange: (event) => take(event.target.files[0]) })),
  };
}
