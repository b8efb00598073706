// Terrarium grows small neural networks inside a browser tab. This module trains and
// runs them from your own code, in a worker of its own, under the names that users of
// TensorFlow.js know. terrarium.d.ts describes every function.
//
//   import { load } from './terrarium.js';
//   const t = await load();
//   const model = t.sequential({ layers: [t.layers.dense({ units: 1, inputShape: [2] })], seed: 1 });
//   await model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
//   await model.fit(t.tensor([[0, 1], [1, 0]]), t.tensor([[1], [0]]), { epochs: 10 });
//
// It only describes and carries: checks and arithmetic are the engine's, a program in
// Go. The messages are explained in bindings/protocol.go, which this file mirrors.

import { connect, Formats, openModel, plain, TerrariumError } from './connection.js';
import { Parcel, received, Tensor, tensor } from './values.js';

export { Tensor, TerrariumError };

const PROTOCOL = 1;

/** Starts an engine and says hello to it. */
export async function load({ memoryLimit, ...options } = {}) {
  const start = async (more) => {
    const connection = await connect({ ...options, ...more });
    const { result } = await connection.call('hello', { protocol: PROTOCOL, memoryLimit });
    return { connection, capabilities: { ...result, crossOriginIsolated: globalThis.crossOriginIsolated ?? false } };
  };
  const { connection, capabilities } = await start();
  const formats = new Formats(async () => (await start({ program: 'formats.wasm', kernels: false })).connection);
  return terrarium(connection, formats, capabilities);
}

// ---- Models and tables ----

const STORED = 'indexeddb://';

/** The name behind a URL of a scheme, or undefined. */
const named = (url, scheme) => (typeof url === 'string' && url.startsWith(scheme) ? url.slice(scheme.length) : undefined);

class Model {
  #engine; #formats; #opened; #info; #compiled; #fit; #direct = {};

  constructor(engine, formats, opened) {
    this.#engine = engine;
    this.#formats = formats;
    this.#opened = opened.then(({ result }) => {
      engine.own(this, 'model.dispose', { model: result.model });
      return (this.#info = result);
    });
    this.#opened.catch(() => {}); // it rejects every call instead
  }

  async #call(method, params, options) {
    const { model } = await this.#opened;
    return this.#engine.call(method, { model, ...params }, options);
  }

  /** Waits for a compile that nobody awaited, and fails as it did. */
  async #ready(needed) {
    const compiled = this.#compiled;
    if (compiled && (needed || !compiled.settled)) await compiled.promise;
  }

  async #ask(method, params, options) {
    await this.#ready(false);
    return (await this.#call(method, params, options)).result;
  }

  compile({ optimizer, loss, lossWeights, metrics, ...rest }) {
    const description = typeof optimizer === 'string' ? { className: optimizer } : optimizer;
    const params = { ...rest, optimizer: description, ...perOutput(loss, 'loss', 'losses', 'lossOf'),
      ...perOutput(lossWeights, 'lossWeights', 'lossWeights', 'weightOf'), ...metricsOf(metrics) };
    const promise = this.#call('model.compile', params).then(() => {});
    const compiled = { promise, settled: false }, before = this.#compiled;
    this.#compiled = compiled;
    const settle = (last) => { compiled.settled = true; this.#compiled = last; };
    promise.then(() => settle(compiled), () => settle(before ?? compiled)); // one that fails leaves an earlier one standing
    return promise;
  }

  async fit(x, y, options) {
    const { callbacks, signal, ...rest } = (x instanceof Table ? y : options) ?? {};
    const { params, parcel } = await this.#work(x, y, rest);
    await this.#ready(true);
    const listener = new Listener([callbacks ?? []].flat());
    const started = (id) => { this.#fit = id; listener.call('onTrainBegin'); };
    const { result } = await this.#call('model.fit', { ...params, ...listener.params }, { ...parcel, signal, started, notify: listener.notify });
    listener.call('onTrainEnd', plain(result.history));
    return { ...result, history: plain(result.history) };
  }

  /** What to train on, and how, for a message. */
  async #work(x, y, { validationData, verbose, yieldEvery, epochs = 1, ...rest }) {
    const parcel = new Parcel();
    const params = { epochs, ...rest };
    if (x instanceof Table) params.table = await x.prepared();
    else Object.assign(params, parcel.tensors('x', x), parcel.tensors('y', y));
    if (validationData) ['validationX', 'validationY', 'validationWeight'].forEach((name, i) => Object.assign(params, parcel.tensors(name, validationData[i])));
    if (rest.sampleWeight) Object.assign(params, { sampleWeight: undefined }, parcel.tensors('sampleWeight', rest.sampleWeight));
    return { params, parcel };
  }

  /** Judges how the model learns, by fresh ones of its network: each is trained on all folds but one, and judged on that. */
  async crossValidate(x, y, options) {
    const { signal, groups, callbacks, ...rest } = (x instanceof Table ? y : options) ?? {};
    const { params, parcel } = await this.#work(x, y, rest);
    if (groups) params.groups = parcel.tensor(groups);
    await this.#ready(true);
    const listener = new Listener([callbacks ?? []].flat());
    return plain((await this.#call('model.crossValidate', { ...params, ...listener.params }, { ...parcel, signal })).result);
  }

  /** As in TensorFlow.js: ends the fit that runs, which resolves with what it did. */
  set stopTraining(stop) { if (stop && this.#fit) this.#engine.cancel(this.#fit, true); }

  async evaluate(x, y, { signal, verbose, sampleWeight, ...rest } = {}) {
    const parcel = new Parcel();
    const params = { ...parcel.tensors('x', x), ...parcel.tensors('y', y), ...parcel.tensors('sampleWeight', sampleWeight), ...rest };
    await this.#ready(true);
    return plain((await this.#call('model.evaluate', params, { ...parcel, signal })).result);
  }

  /** Tries growing learning rates for a few steps; the model comes out as it went in. */
  async findLearningRate(x, y, options) {
    if (x instanceof Table) options = y;
    const { signal, ...rest } = options ?? {}, parcel = new Parcel();
    const data = x instanceof Table ? { table: await x.prepared() } : { ...parcel.tensors('x', x), ...parcel.tensors('y', y) };
    await this.#ready(true);
    return (await this.#call('model.findRate', { ...data, ...rest }, { ...parcel, signal })).result;
  }

  async predict(x, { signal } = {}) {
    const parcel = new Parcel();
    const params = parcel.tensors('x', x);
    await this.#ready(false);
    const { result, buffers } = await this.#call('model.predict', params, { ...parcel, signal });
    return result.tensors ? result.tensors.map((t) => received(t, buffers)) : received(result, buffers);
  }

  /** Predicts together with other models: by the mean of what they say, or by vote. */
  async predictWith(others, x, { vote, signal } = {}) {
    const parcel = new Parcel();
    const params = { vote, ...parcel.tensors('x', x) };
    await this.#ready(false);
    params.others = await Promise.all(others.map(async (m) => (await m.#opened).model));
    const { result, buffers } = await this.#call('model.predictWith', params, { ...parcel, signal });
    return result.tensors ? result.tensors.map((t) => received(t, buffers)) : received(result, buffers);
  }

  predictSync(x, out) {
    const { exports } = this.#engine.host, info = this.#info, d = this.#direct;
    if (!exports) throw new TerrariumError('predictSync runs on the calling thread: load({ worker: false })', { code: 'unsupported' });
    if (!info) throw new TerrariumError('predictSync: the model is still being made; await something of it first', { code: 'busy' });
    d.width ??= info.input.reduce((a, b) => a * b, 1);
    d.outWidth ??= info.output.reduce((a, b) => a * b, 1);
    const rows = x.length / d.width;
    if (!Number.isInteger(rows) || out.length !== rows * d.outWidth) {
      throw new TerrariumError(`predictSync: want rows of ${d.width} values in and ${d.outWidth} out, got ${x.length} and ${out.length}`, { code: 'shape' });
    }
    if (!(rows <= d.rows) || d.in.buffer !== exports.mem.buffer) {
      const input = exports.terrarium_input(info.model, rows);
      if (input < 0) throw directError(input);
      Object.assign(d, { rows, at: input, in: undefined });
    }
    if (d.in?.length !== x.length) Object.assign(d, { in: new Float32Array(exports.mem.buffer, d.at, x.length), out: undefined });
    d.in.set(x);
    const output = exports.terrarium_run(info.model, rows);
    if (output < 0) throw directError(output);
    if (d.out?.buffer !== exports.mem.buffer) d.out = new Float32Array(exports.mem.buffer, output, out.length);
    out.set(d.out);
  }

  async getWeights() {
    await this.#ready(false);
    const { result, buffers } = await this.#call('model.weights');
    return result.tensors.map((t) => received(t, buffers));
  }

  async setWeights(weights) {
    const parcel = new Parcel();
    const tensors = weights.map((w) => parcel.tensor(w));
    await this.#ready(false);
    await this.#call('model.setWeights', { tensors }, parcel);
  }

  /** Freezes a layer, or thaws it; compile again afterwards. */
  async setTrainable(layer, trainable) { await this.#ask('model.trainable', { layer, trainable }); }

  /** A new model: this one up to a layer, with its weights, and more layers behind. */
  cut(layer, config = {}) {
    const opened = this.#ready(false).then(() => this.#call('model.cut', { layer, ...(Array.isArray(config) ? { layers: config } : config) }));
    return new Model(this.#engine, this.#formats, opened);
  }

  async digest() { return (await this.#ask('model.digest')).digest; }
  async summary() { return (await this.#ask('model.summary')).text; }
  info() { return this.#ask('model.info'); }

  /** How the model does on rows of a table that it never saw, beside the simplest guess. */
  async test(table, part) {
    await this.#ready(false);
    const { result, buffers } = await this.#call('model.test', { table: await table.prepared(), part });
    const [truth, predicted, lines] = [result.truth, result.predicted, result.lines].map((t) => received(t, buffers).data);
    return { ...result, metrics: plain(result.metrics), baseline: plain(result.baseline), truth, predicted, lines };
  }

  /** Predicts one row of a table, given as text by column. */
  predictRow(values) { return this.#ask('model.row', { values }); }

  async save(url) {
    const name = named(url, STORED), file = named(url, 'downloads://');
    if (name !== undefined) return this.#ask('model.save', { name, date: new Date().toISOString() });
    if (file === undefined) throw new TerrariumError(`${url}: a model is saved to ${STORED}name or downloads://name`, { code: 'option' });
    const bytes = await this.toBytes(), { name: model, numerics } = await this.info();
    const link = document.createElement('a');
    link.download = `${file || model}.safetensors`;
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return { name: link.download, kind: 'model', bytes: bytes.byteLength, date: new Date().toISOString(), numerics };
  }

  async toBytes() {
    await this.#ready(false);
    const { result, buffers } = await this.#call('model.bytes');
    return buffers[result.buffer];
  }

  async #export(format) {
    const { result, buffers } = await this.#formats.ask([['', new Blob([await this.toBytes()])]], 'model.export', { format });
    return result.files.map(({ name, buffer }) => new File([buffers[buffer]], name));
  }

  /** Writes the layers as TensorFlow.js does: model.json and its weights. */
  toKeras() { return this.#export('layers-model'); }

  async toONNX() { return (await this.#export('onnx'))[0].arrayBuffer(); }

  /** Sets the weights that a safetensors file of any program has arrays for, by name. */
  async loadWeights(source) {
    const parcel = new Parcel();
    const params = { blob: parcel.blob(await fileOf(source)) };
    await this.#ready(false);
    return (await this.#call('model.loadWeights', params, parcel)).result;
  }

  /** Of a model from a file: what that was, and what of it was left out. */
  async origin() {
    const { format, notes = [], labels } = await this.#opened;
    return { format, notes, labels };
  }

  /** Compiles the model to a WebAssembly module of its own. */
  async toWasm(options) {
    await this.#ready(false);
    const { result, buffers } = await this.#call('model.wasm', options);
    return buffers[result.buffer];
  }

  dispose() {
    this.#engine.disown(this);
    this.#direct = {}; // its memory will not be its own
    this.#opened.then(({ model }) => this.#engine.forget('model.dispose', { model }), () => {});
  }
}

/** One value for all outputs, a list in their order, or values by their names. */
function perOutput(value, all, list, named) {
  if (Array.isArray(value)) return { [list]: value };
  return { [value && typeof value === 'object' && !value.className ? named : all]: value };
}

/** Metrics of all outputs, or by their names. */
function metricsOf(metrics) {
  const list = (m) => (typeof m === 'string' ? [m] : m);
  if (!metrics || typeof metrics === 'string' || Array.isArray(metrics)) return { metrics: list(metrics) };
  return { metricsOf: Object.fromEntries(Object.entries(metrics).map(([name, m]) => [name, list(m)])) };
}

const DIRECT = {
  '-1': ['the model was disposed of', 'option'], '-2': ['too many rows for the memory there is', 'memory'],
  '-3': ['the model is in the middle of an evaluation', 'busy'], '-4': ['the input holds NaN or an infinity', 'data'],
  '-5': ['the model has several inputs or outputs: use predict', 'unsupported'],
};
const directError = (answer) => new TerrariumError(`predictSync: ${DIRECT[answer][0]}`, { code: DIRECT[answer][1] });

/** Calls the caller's callbacks, in order; what they throw is reported and disturbs nothing. */
class Listener {
  params = {}; #callbacks; #open; #begun = -1; #rows = [];

  constructor(callbacks) {
    const known = ['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onBatchEnd'];
    for (const [name, value] of callbacks.flatMap(Object.entries)) {
      if (name === 'earlyStopping' || name === 'reduceLROnPlateau') this.params[name] = value;
      else if (!known.includes(name)) throw new TerrariumError(`unknown callback "${name}"; known are ${known.join(', ')}`, { code: 'option' });
    }
    this.#callbacks = callbacks;
    this.params.batchLogs = callbacks.some((c) => c.onBatchEnd);
  }

  call(name, ...args) {
    for (const callbacks of this.#callbacks) {
      try { callbacks[name]?.(...args); } catch (error) { globalThis.reportError(error); }
    }
  }

  notify = (method, params, buffers) => {
    if (method === 'fit.batch') {
      const values = new Float64Array(buffers[params.buffer]), width = params.columns.length;
      for (let i = 0; i < values.length; i += width) {
        this.#rows.push(Object.fromEntries(params.columns.map((name, k) => [name, values[i + k]])));
      }
      this.#open ??= this.#rows[0].epoch;
      this.#deliver(this.#open);
    } else if (method === 'fit.epoch') {
      for (const { epoch, logs } of params.epochs) {
        this.#deliver(epoch);
        this.#begin(epoch);
        this.call('onEpochEnd', epoch, plain(logs));
        this.#open = epoch + 1;
      }
      this.#deliver(this.#open);
    }
  };

  /** Reports batches up to an epoch; later ones wait until that epoch's end is reported. */
  #deliver(last) {
    while (this.#rows[0]?.epoch <= last) {
      const { epoch, ...logs } = this.#rows.shift();
      this.#begin(epoch);
      this.call('onBatchEnd', logs.batch, logs);
    }
  }

  #begin(epoch) {
    if (epoch > this.#begun) this.call('onEpochBegin', this.#begun = epoch);
  }
}

class Table {
  #engine; #id; #prepared;

  constructor(engine, { table, profile }, setup) {
    Object.assign(this, { profile, setup });
    this.#engine = engine;
    this.#id = table;
    engine.own(this, 'table.close', { table });
  }

  get roles() { return Object.fromEntries(this.setup.columns.map((c) => [c.name, c.role])); }
  get split() { return this.setup.split; }

  async #ask(method, params) { return (await this.#engine.call(method, { table: this.#id, ...params })).result; }

  /** Corrects what a column is; setup is suggested anew. */
  async setKind(column, kind) {
    this.profile = (await this.#ask('table.kind', { column, kind })).profile;
    await this.suggest(this.setup.target);
  }

  /** Decides everything for a target, with reasons. */
  async suggest(target) {
    this.#prepared = undefined;
    return (this.setup = await this.#ask('table.suggest', { target }));
  }

  /** Splits, fits the encoding on the training part, and encodes, as setup says. */
  prepare(setup = this.setup) {
    this.#prepared = this.#ask('table.prepare', { setup }).then((prepared) => {
      this.setup = prepared.setup;
      return prepared;
    });
    return this.#prepared;
  }

  /** The table's id, once it is prepared. */
  async prepared() {
    await (this.#prepared ?? this.prepare());
    return this.#id;
  }

  rows(from = 0, count = 100) { return this.#ask('table.rows', { from, count }); }

  dispose() {
    this.#engine.disown(this);
    this.#engine.forget('table.close', { table: this.#id });
  }
}

/** A file, or what a URL names: to the engine they are alike. */
async function fileOf(source) {
  if (source instanceof Blob) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return new Blob([source]);
  const response = await fetch(source);
  if (!response.ok) throw new TerrariumError(`${source} is not there (the server answered ${response.status})`, { code: 'data' });
  return response.blob();
}

/** The files of a model, by name. A model.json at a URL brings those that it names. */
async function filesOf(source) {
  if (Array.isArray(source) || globalThis.FileList && source instanceof FileList) return [...source].map((file) => [file.name, file]);
  const first = await fileOf(source), files = [[first.name ?? '', first]];
  if ((typeof source !== 'string' && !(source instanceof URL)) || await first.slice(0, 1).text() !== '{') return files;
  const base = new URL(source, globalThis.location?.href);
  let paths = [];
  try { paths = JSON.parse(await first.text()).weightsManifest.flatMap((group) => group.paths); } catch { /* the engine says what is wrong with it */ }
  return files.concat(await Promise.all(paths.map(async (path) => [path, await fileOf(Object.assign(new URL(path, base), { search: base.search }))])));
}

// ---- The face ----

/** A description of a layer, to stand in a list or to be applied. */
class Layer {
  constructor(className, config) { Object.assign(this, { className, config }); }

  get trainable() { return this.config.trainable ?? true; }
  set trainable(trainable) { this.config = { ...this.config, trainable }; }

  /** Describes the layer's result on that of others. Applied twice, it has one set of weights. */
  apply(inputs) { return new Symbolic({ layer: this, inputs: [inputs].flat() }, 0); }
}

/** A result of a layer in a network that is being described. */
class Symbolic {
  constructor(use, index) { Object.assign(this, { use, index }); }

  /** Another result of the same use of the layer: behind the first are the states of a recurrent one. */
  result(index) { return new Symbolic(this.use, index); }
}

/** Writes down the uses of layers that outputs depend on, each behind what it takes. */
function described({ inputs, outputs, ...rest }) {
  const layers = [], uses = [], index = new Map();
  const visit = (symbolic) => {
    if (!(symbolic instanceof Symbolic)) throw new TerrariumError('a network is made of what input() and layer.apply() return', { code: 'option' });
    const { use, index: result } = symbolic;
    if (!index.has(use)) {
      const taken = use.inputs.map((s) => visit(s));
      if (!layers.includes(use.layer)) layers.push(use.layer);
      index.set(use, uses.push({ layer: layers.indexOf(use.layer), in: taken }) - 1);
    }
    return { use: index.get(use), result };
  };
  return { inputs: [inputs].flat().map((s) => visit(s)), outputs: [outputs].flat().map((s) => visit(s)), layers, uses, ...rest };
}

const layer = (className) => (config = {}) => new Layer(className, config);
const plainly = (className) => (config = {}) => ({ className, config });

const layers = {
  inputLayer: layer('InputLayer'), dense: layer('Dense'), flatten: layer('Flatten'), activation: layer('Activation'), dropout: layer('Dropout'),
  conv1d: layer('Conv1D'), conv2d: layer('Conv2D'), conv2dTranspose: layer('Conv2DTranspose'),
  depthwiseConv2d: layer('DepthwiseConv2D'), separableConv2d: layer('SeparableConv2D'),
  reLU: layer('ReLU'), leakyReLU: layer('LeakyReLU'), elu: layer('ELU'), softmax: layer('Softmax'),
  maxPooling1d: layer('MaxPooling1D'), maxPooling2d: layer('MaxPooling2D'), averagePooling1d: layer('AveragePooling1D'), averagePooling2d: layer('AveragePooling2D'),
  globalMaxPooling1d: layer('GlobalMaxPooling1D'), globalMaxPooling2d: layer('GlobalMaxPooling2D'),
  globalAveragePooling1d: layer('GlobalAveragePooling1D'), globalAveragePooling2d: layer('GlobalAveragePooling2D'),
  upSampling1d: layer('UpSampling1D'), upSampling2d: layer('UpSampling2D'), zeroPadding1d: layer('ZeroPadding1D'), zeroPadding2d: layer('ZeroPadding2D'),
  cropping1d: layer('Cropping1D'), cropping2d: layer('Cropping2D'), reshape: layer('Reshape'), permute: layer('Permute'), repeatVector: layer('RepeatVector'),
  add: layer('Add'), subtract: layer('Subtract'), multiply: layer('Multiply'), average: layer('Average'), maximum: layer('Maximum'), minimum: layer('Minimum'),
  concatenate: layer('Concatenate'), dot: layer('Dot'), prelu: layer('PReLU'), thresholdedReLU: layer('ThresholdedReLU'),
  spatialDropout1d: layer('SpatialDropout1D'), spatialDropout2d: layer('SpatialDropout2D'),
  gaussianNoise: layer('GaussianNoise'), gaussianDropout: layer('GaussianDropout'), alphaDropout: layer('AlphaDropout'),
  simpleRNN: layer('SimpleRNN'), lstm: layer('LSTM'), gru: layer('GRU'), bidirectional: layer('Bidirectional'), timeDistributed: layer('TimeDistributed'),
  batchNormalization: layer('BatchNormalization'), layerNormalization: layer('LayerNormalization'), rmsNormalization: layer('RMSNormalization'),
  embedding: layer('Embedding'), masking: layer('Masking'), positionEmbedding: layer('PositionEmbedding'), sinePositionEncoding: layer('SinePositionEncoding'),
  scaledDotProductAttention: layer('ScaledDotProductAttention'), multiHeadAttention: layer('MultiHeadAttention'), transformerBlock: layer('TransformerBlock'),
};

const train = {
  sgd: (learningRate) => ({ className: 'sgd', config: { learningRate } }),
  momentum: (learningRate, momentum, nesterov) => ({ className: 'momentum', config: { learningRate, momentum, nesterov } }),
  adam: (learningRate, beta1, beta2, epsilon) => ({ className: 'adam', config: { learningRate, beta1, beta2, epsilon } }),
  rmsprop: (learningRate, rho, momentum, epsilon, centered) => ({ className: 'rmsprop', config: { learningRate, rho, momentum, epsilon, centered } }),
  adagrad: (learningRate, initialAccumulatorValue) => ({ className: 'adagrad', config: { learningRate, initialAccumulatorValue } }),
  adadelta: (learningRate, rho, epsilon) => ({ className: 'adadelta', config: { learningRate, rho, epsilon } }),
  adamax: (learningRate, beta1, beta2, epsilon, decay) => ({ className: 'adamax', config: { learningRate, beta1, beta2, epsilon, decay } }),
  adamw: (learningRate, weightDecay, config) => ({ className: 'adamw', config: { learningRate, weightDecay, ...config } }),
};

const regularizers = { l1: plainly('l1'), l2: plainly('l2'), l1l2: plainly('l1l2') };

const constraints = { maxNorm: plainly('maxNorm'), unitNorm: plainly('unitNorm'), nonNeg: plainly('nonNeg'), minMaxNorm: plainly('minMaxNorm') };

const losses = {
  huberLoss: plainly('huber'), quantileLoss: plainly('quantile'), sparseCategoricalCrossentropy: plainly('sparseCategoricalCrossentropy'),
  binaryCrossentropy: plainly('binaryCrossentropy'), binaryFocalCrossentropy: plainly('binaryFocalCrossentropy'),
  categoricalCrossentropy: plainly('categoricalCrossentropy'), categoricalFocalCrossentropy: plainly('categoricalFocalCrossentropy'),
};

const schedules = {
  cosineDecay: plainly('CosineDecay'), cosineDecayRestarts: plainly('CosineDecayRestarts'), exponentialDecay: plainly('ExponentialDecay'),
  inverseTimeDecay: plainly('InverseTimeDecay'), oneCycle: plainly('OneCycle'), piecewiseConstantDecay: plainly('PiecewiseConstantDecay'),
  polynomialDecay: plainly('PolynomialDecay'),
};

const callbacks = {
  earlyStopping: ({ restoreBestWeights = true, ...c } = {}) => ({ earlyStopping: { patience: 0, ...c, keepLast: !restoreBestWeights } }),
  reduceLROnPlateau: (c = {}) => ({ reduceLROnPlateau: c }),
};

function terrarium(engine, formats, capabilities) {
  const ask = async (method, params, options) => (await engine.call(method, params, options)).result;

  /** Opens a model from what the engine can read. */
  async function loadModel(source) {
    const name = named(source, STORED);
    if (name !== undefined) return new Model(engine, formats, engine.call('model.load', { name }));
    const files = await filesOf(source);
    const opened = await open(files);
    if (!opened.result.others) return new Model(engine, formats, Promise.resolve(opened));
    const { opened: { format, notes, labels }, result, buffers } = await formats.ask(files, 'model.bytes');
    const ours = await open([['', new Blob([buffers[result.buffer]])]]);
    return new Model(engine, formats, Promise.resolve({ result: { ...ours.result, format, notes, labels } }));
  }

  /** Opens a model's files; what holds arrays alone is no model. */
  async function open(files) {
    const opened = await openModel(engine, files), { arrays } = opened.result;
    if (arrays) throw new TerrariumError(`the file holds ${arrays.length} named arrays and no network; make the model, then call its loadWeights`, { code: 'unsupported' });
    return opened;
  }

  async function table(source, { target, roles = {}, split, kinds = {}, signal, onProgress, ...options } = {}) {
    const parcel = new Parcel();
    const params = { options };
    const sample = named(source, 'sample://');
    if (sample !== undefined) params.sample = sample;
    else if (typeof source === 'string' && /[\r\n]|^$/.test(source)) params.text = source;
    else params.blob = parcel.blob(await fileOf(source));
    const opened = await ask('table.open', params, { ...parcel, signal, notify: (_, progress) => onProgress?.(progress) });
    const t = new Table(engine, opened, undefined);
    for (const [column, kind] of Object.entries(kinds)) t.profile = (await ask('table.kind', { table: opened.table, column, kind })).profile;
    await t.suggest(target ?? Object.keys(roles).find((name) => roles[name] === 'target'));
    for (const [name, role] of Object.entries(roles)) {
      const column = t.setup.columns.find((c) => c.name === name);
      if (column) column.role = role;
      else t.setup.columns.push({ name, role }); // the engine says that there is none
    }
    Object.assign(t.setup.split, split);
    return t;
  }

  return {
    sequential(c) {
      const { table: from, ...params } = Array.isArray(c) ? { layers: c } : c;
      const create = (id) => engine.call('model.create', { ...params, table: id });
      return new Model(engine, formats, from ? from.prepared().then(create) : create());
    },
    model: (c) => new Model(engine, formats, engine.call('model.create', described(c))),
    input: ({ shape, ...config }) => layers.inputLayer({ inputShape: shape, ...config }).apply([]),
    layers, train, losses, schedules, regularizers, constraints, callbacks, tensor, table, loadModel,
    samples: async () => (await ask('table.samples')).samples,
    listModels: async () => (await ask('store.list')).models.map((m) => ({ url: STORED + m.name, ...m })),
    removeModel: async (url) => { await ask('store.remove', { name: named(url, STORED) ?? url }); },
    storage: () => ask('store.usage'),
    capabilities: () => ({ ...capabilities }),
    terminate() {
      engine.terminate();
      formats.terminate();
    },
  };
}
