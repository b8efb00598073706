/**
 * Terrarium: small neural networks that train inside a browser tab, in a worker, with
 * the same bits in every browser. Names and options are those of TensorFlow.js. There
 * is no memory to manage: arrays go in, arrays come out.
 */

import type { Constraints, Layers, Regularizers } from './layers.js';
import type { Pipeline, RowResult, SampleInfo, Table, TableOptions, TestResult } from './tables.js';
export type * from './layers.js';
export type * from './tables.js';

/** How to start an engine. */
export interface LoadOptions {
  /** The folder that holds engine.wasm, engine.nosimd.wasm, formats.wasm, kernels.wasm and wasm_exec.js; default: this module's. It may be of another origin. */
  base?: string | URL;
  /** Take the program with vector instructions; "auto" (default) looks whether the browser has them. The bits are the same. */
  simd?: 'auto' | boolean;
  /** false does without the kernel module: slower, the same bits. Default: true. */
  kernels?: boolean;
  /** true (default): a worker of its own. false: the calling thread, which predictSync needs. */
  worker?: boolean;
  /** What the engine may hold, in bytes; default, and at most, 2 GB. Whatever needs more is refused with code "memory". */
  memoryLimit?: number;
}

/** Downloads and starts an engine. Rejects with code "engine-lost" if a file is missing. */
export function load(options?: LoadOptions): Promise<Terrarium>;

/** What a refusal is about. "internal" is a bug of ours. */
export type ErrorCode =
  | 'shape' | 'option' | 'data' | 'nan' | 'aborted' | 'busy' | 'unsupported'
  | 'format' | 'quota' | 'memory' | 'engine-lost' | 'internal';

/** Every rejection. The message is a sentence that says what is wrong, where, and what to do. */
export class TerrariumError extends Error {
  code: ErrorCode;
  /** The layer's name, where known. */
  layer?: string;
  /** The table's column, where known. */
  column?: string;
  /** The row of a tensor or the line of a file, from 1, where known. */
  row?: number;
  /** Of a fit that ended early: what it did until then. */
  history?: History;
}

/** An engine. */
export interface Terrarium {
  /** Describes a network of layers in order; the first one states its inputShape. Whether it can be built is told by the first call. */
  sequential(config: SequentialConfig | Layer[]): Model;
  /** An input of a network with branches; shape is that of a row. */
  input(config: { shape: number[]; name?: string }): Symbolic;
  /** A network with branches: what outputs compute from inputs. Its layers are those that the outputs need. */
  model(config: { inputs: Symbolic | Symbolic[]; outputs: Symbolic | Symbolic[]; name?: string; seed?: number }): Model;
  layers: Layers;
  train: Optimizers;
  losses: Losses;
  schedules: Schedules;
  regularizers: Regularizers;
  constraints: Constraints;
  callbacks: {
    /** Ends training when a value has not improved for a while, and puts the best weights back. */
    earlyStopping(config?: EarlyStoppingConfig): Callbacks;
    /** Lowers the learning rate when a value has not improved for a while. Not beside a schedule. */
    reduceLROnPlateau(config?: ReduceLROnPlateauConfig): Callbacks;
  };
  /**
   * Makes a tensor. A Float32Array is not copied: what it holds at the time of a call
   * counts. Nested lists must be equally long. Class labels are whole numbers.
   */
  tensor(data: Float32Array | ArrayLike<number> | NestedNumbers, shape?: number[]): Tensor;
  /**
   * Reads a table: a File or Blob, CSV text (recognised by its line breaks), the URL of a
   * file, or "sample://name" (see samples).
   */
  table(source: File | Blob | string | URL, options?: TableOptions): Promise<Table>;
  /** The generated sample sets. */
  samples(): Promise<SampleInfo[]>;
  /**
   * Opens a model: "indexeddb://name", or by what they hold a URL, a file, bytes, or several
   * files that belong together: our own files, a model.json of TensorFlow.js with its weights
   * (at a URL it brings them itself), a zip of Teachable Machine, or ONNX. What cannot be
   * opened is listed all at once, with code "unsupported".
   */
  loadModel(source: string | URL | File | Blob | ArrayBuffer | Uint8Array | File[] | FileList): Promise<Model>;
  /** What is saved in this browser, newest first. */
  listModels(): Promise<StoredModelInfo[]>;
  /** Deletes "indexeddb://name". */
  removeModel(url: string): Promise<void>;
  /** How much the browser lets this site store. */
  storage(): Promise<{ usage: number; quota: number; persisted: boolean; refused?: string }>;
  capabilities(): Capabilities;
  /** Ends the engine. Whatever is pending rejects with code "engine-lost". */
  terminate(): void;
}

export interface Capabilities {
  version: string;
  /** The version of the bits: equal numbers and equal seeds give equal weights. */
  numerics: number;
  protocol: number;
  simd: boolean;
  /** Who does the heavy loops: the kernel module, or, where it is missing or has no SIMD to use, the engine's own code. */
  kernels: 'module' | 'go';
  threads: number;
  go: string;
  crossOriginIsolated: boolean;
}

export type NestedNumbers = number[] | number[][] | number[][][] | number[][][][] | ArrayLike<number>[];

/** Numbers, row-major, and their shape: [rows, …]. */
export class Tensor {
  constructor(data: Float32Array, shape: number[]);
  data: Float32Array;
  shape: number[];
}

export interface SequentialConfig {
  layers: Layer[];
  name?: string;
  /** A whole number from 0 to 2^53-1 that governs every random number: same seed, same bits. Without one it is drawn; info() tells which. */
  seed?: number;
  /** A table to learn: layers are then the hidden ones only; input, output and pipeline follow from the table. */
  table?: Table;
}

/** A description of a layer. */
export interface Layer {
  className: string;
  config: object;
  /** false: training leaves its weights as they are. It counts when a model is made of the layer; later there is model.setTrainable. */
  trainable: boolean;
  /** Describes the layer's result on that of others, for model(). Applied twice, it has one set of weights. */
  apply(inputs: Symbolic | Symbolic[]): Symbolic;
}

/** A result of a layer in a network that is being described. */
export interface Symbolic {
  /** Another result of the same application: behind the first, number 0, are the states of a recurrent layer. */
  result(index: number): Symbolic;
}

/** A loss with options. Losses without any are given by name. */
export interface Loss { className: string; config: object }

export type LossName =
  | 'meanSquaredError' | 'meanAbsoluteError' | 'meanAbsolutePercentageError' | 'meanSquaredLogarithmicError' | 'huberLoss' | 'logcosh' | 'quantile'
  | 'binaryCrossentropy' | 'categoricalCrossentropy' | 'sparseCategoricalCrossentropy' | 'binaryFocalCrossentropy' | 'categoricalFocalCrossentropy'
  | 'kullbackLeiblerDivergence' | 'poisson' | 'cosineProximity' | 'hinge' | 'squaredHinge' | 'categoricalHinge' | (string & {});

export interface Losses {
  /** Squared near 0, absolute beyond delta (default 1). */
  huberLoss(config?: { delta?: number }): Loss;
  /** Least where the prediction is that quantile (default 0.5) of the target. */
  quantileLoss(config?: { quantile?: number }): Loss;
  binaryCrossentropy(config?: { fromLogits?: boolean; labelSmoothing?: number }): Loss;
  categoricalCrossentropy(config?: { fromLogits?: boolean; labelSmoothing?: number }): Loss;
  sparseCategoricalCrossentropy(config?: { fromLogits?: boolean }): Loss;
  /** What is known already counts less: times (1-p)^gamma (default 2). alpha (0.25) weighs class 1 if applyClassBalancing is set. */
  binaryFocalCrossentropy(config?: { gamma?: number; alpha?: number; applyClassBalancing?: boolean; fromLogits?: boolean; labelSmoothing?: number }): Loss;
  /** Times alpha (default 0.25) and (1-p)^gamma (default 2). */
  categoricalFocalCrossentropy(config?: { gamma?: number; alpha?: number; fromLogits?: boolean; labelSmoothing?: number }): Loss;
}

/** A learning rate that follows the number of updates; it stands where an optimizer takes its rate: train.adam(schedules.oneCycle(…)). */
export interface Schedule { className: string; config: object }

export interface Schedules {
  /** Down along half a cosine to alpha (0) times the start, after a straight climb from initialLearningRate to warmupTarget in warmupSteps. */
  cosineDecay(config: { initialLearningRate: number; decaySteps: number; alpha?: number; warmupTarget?: number; warmupSteps?: number }): Schedule;
  /** The same over and over: spans grow tMul (2) times, starts change mMul (1) times. */
  cosineDecayRestarts(config: {
    initialLearningRate: number; firstDecaySteps: number; tMul?: number; mMul?: number; alpha?: number; warmupTarget?: number; warmupSteps?: number;
  }): Schedule;
  /** Times decayRate (0.96) every decaySteps; all at once with staircase. */
  exponentialDecay(config: { initialLearningRate: number; decaySteps: number; decayRate?: number; staircase?: boolean }): Schedule;
  inverseTimeDecay(config: { initialLearningRate: number; decaySteps: number; decayRate?: number; staircase?: boolean }): Schedule;
  /** Up to maxLearningRate in the share pctStart (0.3) of totalSteps, then down. */
  oneCycle(config: { maxLearningRate: number; totalSteps: number; pctStart?: number; divFactor?: number; finalDivFactor?: number; linear?: boolean }): Schedule;
  /** values[i] up to and with step boundaries[i], then the last value. */
  piecewiseConstantDecay(config: { boundaries: number[]; values: number[] }): Schedule;
  polynomialDecay(config: { initialLearningRate: number; decaySteps: number; endLearningRate?: number; power?: number; cycle?: boolean }): Schedule;
}

/** A description of an optimizer. Its config may also hold clipvalue, clipnorm or globalClipnorm. */
export interface Optimizer { className: string; config: object }

export interface Optimizers {
  sgd(learningRate?: number | Schedule): Optimizer;
  momentum(learningRate?: number | Schedule, momentum?: number, nesterov?: boolean): Optimizer;
  adam(learningRate?: number | Schedule, beta1?: number, beta2?: number, epsilon?: number): Optimizer;
  rmsprop(learningRate?: number | Schedule, rho?: number, momentum?: number, epsilon?: number, centered?: boolean): Optimizer;
  adagrad(learningRate?: number | Schedule, initialAccumulatorValue?: number): Optimizer;
  adadelta(learningRate?: number | Schedule, rho?: number, epsilon?: number): Optimizer;
  adamax(learningRate?: number | Schedule, beta1?: number, beta2?: number, epsilon?: number, decay?: 0): Optimizer;
  /** Weights whose name ends in one of exclude ("bias", "gamma", "dense_1/kernel"), and with excludeVectors all of one axis, do not decay. */
  adamw(learningRate?: number | Schedule, weightDecay?: number, config?: {
    beta1?: number; beta2?: number; epsilon?: number; exclude?: string[]; excludeVectors?: boolean;
  }): Optimizer;
}

export interface CompileConfig {
  optimizer: string | Optimizer;
  /** May be left out for a model of a table. With several outputs: one for all, a list in their order, or by their names. */
  loss?: LossName | Loss | (LossName | Loss)[] | Record<string, LossName | Loss>;
  /** What each output's loss counts in the sum, in the order of the outputs or by their names; default 1. One with 0 is watched only. */
  lossWeights?: number[] | Record<string, number>;
  /** "accuracy" (reported as acc), "mae", …; or those of each output by its name. */
  metrics?: string | string[] | Record<string, string | string[]>;
}

export interface FitConfig {
  /** Default 1. */
  epochs?: number;
  /** Default 32. The last batch of an epoch may be smaller. */
  batchSize?: number;
  /** Default true: a new order, drawn from the seed, every epoch. */
  shuffle?: boolean;
  /** The share of the rows, the last ones before any shuffle, that is held back. */
  validationSplit?: number;
  validationData?: [Tensor | Tensor[], Tensor | Tensor[]];
  /** One value a row; a list has those for each output. */
  sampleWeight?: Tensor | Tensor[];
  /** Makes one update from so many batches, for a batch that would not fit into memory; default 1. */
  accumulate?: number;
  /** By class number. */
  classWeight?: Record<number, number>;
  callbacks?: Callbacks | Callbacks[];
  /** Stops, also in the middle of a step, which is then undone. The promise rejects with code "aborted". */
  signal?: AbortSignal;
  /** Keeps the model in this browser's storage meanwhile, at most every so many milliseconds (default 10000). */
  checkpoint?: { name: string; every?: number };
  /** Goes on with the run that a loaded checkpoint interrupted, with the bits of one that never was. */
  resume?: boolean;
}

export type Logs = Record<string, number>;

/** They are told what happens; they neither delay nor change training. */
export interface Callbacks {
  onTrainBegin?(): void;
  onTrainEnd?(history: Record<string, number[]>): void;
  onEpochBegin?(epoch: number): void;
  /** epoch counts from 0; logs holds loss, acc, val_loss, … */
  onEpochEnd?(epoch: number, logs: Logs): void;
  /** Every batch, in order, in packets at most every 100 ms; logs holds batch, size, loss, … Crosses only if given. */
  onBatchEnd?(batch: number, logs: Logs): void;
}

export interface EarlyStoppingConfig {
  /** Default val_loss, or loss where there is no validation data. */
  monitor?: string;
  /** Epochs without improvement before training ends; default 0. */
  patience?: number;
  minDelta?: number;
  mode?: 'auto' | 'min' | 'max';
  /** Default true. */
  restoreBestWeights?: boolean;
}

export interface ReduceLROnPlateauConfig {
  /** Default val_loss, or loss where there is no validation data. */
  monitor?: string;
  /** What the rate is multiplied by; default 0.1. */
  factor?: number;
  /** Epochs without improvement before it is lowered; default 10. */
  patience?: number;
  /** The least change that counts; default 0.0001. */
  minDelta?: number;
  /** Epochs after a reduction that do not count; default 0. */
  cooldown?: number;
  minLr?: number;
  mode?: 'auto' | 'min' | 'max';
}

export interface RateSearch { from?: number; to?: number; steps?: number; batchSize?: number; signal?: AbortSignal }

/** What a search for a learning rate found. */
export interface RateCurve {
  /** The rates that were tried, and the smoothed loss at each. */
  rates: number[];
  losses: number[];
  /** Where the loss falls fastest: a good rate to begin with. */
  suggested: number;
  /** It ended early, as the last rates were too high. */
  diverged: boolean;
}

export interface History {
  /** Numbers of the epochs, from 0. */
  epoch: number[];
  /** loss, acc, val_loss, …: one value an epoch. */
  history: Record<string, number[]>;
  /** The index in epoch with the best monitored value; -1 without early stopping. */
  bestEpoch: number;
  /** Early stopping ended it. */
  stoppedEarly: boolean;
  /** stopTraining ended it. */
  stopped: boolean;
  /** Why the last checkpoint could not be kept. */
  unsaved?: string;
}

export interface CrossConfig extends Omit<FitConfig, 'validationSplit' | 'validationData' | 'checkpoint' | 'resume' | 'callbacks'> {
  /** Default 5. */
  folds?: number;
  /** Each fold gets its share of each class of the first target. */
  stratified?: boolean;
  /** Whole numbers, one a row: the rows of a group stay together. */
  groups?: Tensor;
  /** Early stopping only: there is nobody else to tell. */
  callbacks?: Callbacks;
}

export interface CrossResult {
  /** Of each fold: the rows that were left out, from 0, and what was measured on them. */
  folds: { rows: number[]; logs: Logs; epoch: number[]; history: Record<string, number[]> }[];
  mean: Logs;
  /** The sample's standard deviation over the folds. */
  sd: Logs;
}

/** A network with its weights, in the engine. */
export interface Model {
  /** Chooses how to learn. It need not be awaited: its error then rejects the next call. */
  compile(config: CompileConfig): Promise<void>;
  /**
   * Trains. Meanwhile predict, evaluate and getWeights are answered between steps; a
   * second fit, compile or setWeights rejects with code "busy". Lists have a tensor for
   * each input and each output, in order; the history then has loss, the weighted sum,
   * and <output>_loss, <output>_acc, ….
   */
  fit(x: Tensor | Tensor[], y: Tensor | Tensor[], config?: FitConfig): Promise<History>;
  /** Trains on a table's training part, with its validation part. */
  fit(table: Table, config?: Omit<FitConfig, 'validationSplit' | 'validationData' | 'sampleWeight'>): Promise<History>;
  /** Set to true: the fit that runs ends after its step, and resolves. */
  set stopTraining(stop: boolean);
  /** The loss, without penalties, and the metrics: { loss, acc, … }. */
  evaluate(x: Tensor | Tensor[], y: Tensor | Tensor[], config?: { batchSize?: number; sampleWeight?: Tensor | Tensor[]; signal?: AbortSignal }): Promise<Logs>;
  /** Tries learning rates from 1e-7 to 10, growing from step to step (default 100 steps). The model comes out as it went in. */
  findLearningRate(x: Tensor | Tensor[], y: Tensor | Tensor[], config?: RateSearch): Promise<RateCurve>;
  findLearningRate(table: Table, config?: RateSearch): Promise<RateCurve>;
  /** A tensor; a list of them for a model of several outputs. */
  predict<T extends Tensor | Tensor[] = Tensor>(x: Tensor | Tensor[], config?: { signal?: AbortSignal }): Promise<T>;
  /**
   * k-fold cross-validation: fresh models of this one's network and seed, compiled as it
   * is, are trained on all folds of the data but one each, and judged on that. Of a table
   * it is the training part that is divided.
   */
  crossValidate(x: Tensor | Tensor[], y: Tensor | Tensor[], config?: CrossConfig): Promise<CrossResult>;
  crossValidate(table: Table, config?: CrossConfig): Promise<CrossResult>;
  /** Predicts together with other models of the same inputs and outputs: the mean of what they say or, with vote, the share of them that say it. */
  predictWith<T extends Tensor | Tensor[] = Tensor>(others: Model[], x: Tensor | Tensor[], config?: { vote?: boolean; signal?: AbortSignal }): Promise<T>;
  /** Predicts rows without a message and without allocation; only with load({ worker: false }). */
  predictSync(x: Float32Array, out: Float32Array): void;
  /** Judges the model on a part of a table (default "test"), beside the simplest guess. */
  test(table: Table, part?: 'test' | 'validation' | 'train'): Promise<TestResult>;
  /** Predicts one row of a table from texts by column; what is missing may be left out. */
  predictRow(values: Record<string, string>): Promise<RowResult>;
  /** Copies of all weights: layers in order, within a layer kernel, then bias. */
  getWeights(): Promise<Tensor[]>;
  setWeights(weights: Tensor[]): Promise<void>;
  /** Freezes a layer, so that its weights are not trained and nothing is spent on them, or thaws it. Compile again afterwards. */
  setTrainable(layer: string, trainable: boolean): Promise<void>;
  /**
   * A new model for transfer learning: this one up to a layer's result, with its weights,
   * followed by layers with fresh ones. Freeze what is kept, compile, fit.
   */
  cut(layer: string, config?: Layer[] | { layers?: Layer[]; name?: string; seed?: number }): Model;
  /** The SHA-256 of all weights in order, as little-endian float32, in hex. */
  digest(): Promise<string>;
  /** Saves to "indexeddb://name", in place of an earlier one, or downloads "downloads://name". */
  save(url: string): Promise<ModelInfo>;
  /** The model as a file (safetensors), with its pipeline. Equal models give equal bytes. */
  toBytes(): Promise<ArrayBuffer>;
  /** The layers and weights as TensorFlow.js writes them (by a program that is fetched when it is first asked for, as for toONNX and files of these formats), model.json and model.weights.bin: for tf.io.browserFiles, say. A table's pipeline has no place in it. */
  toKeras(): Promise<File[]>;
  /** The network as an ONNX model, operator set 17. A table's pipeline has no place in it. */
  toONNX(): Promise<ArrayBuffer>;
  /**
   * Sets the weights that a safetensors file of any program has arrays for: layer/kernel,
   * layer.kernel, or PyTorch's layer.weight, which is turned round. Tells what matched.
   */
  loadWeights(source: string | URL | File | Blob | ArrayBuffer | Uint8Array): Promise<LoadedWeights>;
  /** Of a model from a file: what that was, what was left out of it, and the labels of the outputs, if it has some. */
  origin(): Promise<{ format?: 'terrarium' | 'layers-model' | 'teachable-machine' | 'onnx'; notes: string[]; labels?: string[] }>;
  /**
   * The model compiled, with its pipeline, to a WebAssembly module that needs no engine and
   * no imports, and predicts with the same bits: exports memory, abi (1), input(rows) and
   * run(rows), which return where to write rows of float32 and where to read the answers.
   */
  toWasm(config?: WasmConfig): Promise<ArrayBuffer>;
  /** A table of the layers, as text. */
  summary(): Promise<string>;
  info(): Promise<ModelDescription>;
  /** Frees the engine's memory at once; otherwise it is freed some time after the last reference to the model is gone. */
  dispose(): void;
}

/** What became of the arrays of a file. */
export interface LoadedWeights {
  /** The model's weights that were set. */
  set: string[];
  /** Those that the file has no array for. They stay as they are. */
  missing: string[];
  /** Arrays that no weight is called after. */
  unused: string[];
  /** Arrays that cannot be the weight that they are called after, and why. */
  misfits: string[];
}

/** How a model is compiled, and what the module is to say of it. */
export interface WasmConfig {
  /** Smaller weights are decoded when the module starts; arithmetic stays float32. Default "float32". */
  weights?: 'float32' | 'float16' | 'int8';
  /** false: scalar code for hosts without SIMD, with the same bits. Default true. */
  simd?: boolean;
  /** The unit of a regression's answer. */
  unit?: string;
  /** Units of inputs, by name. */
  units?: Record<string, string>;
  metrics?: Record<string, number>;
  /** Of a regression's answer, as table.test tells it. */
  interval?: TestResult['interval'];
  /** Of the data that the model was trained on. */
  fingerprint?: string;
  licence?: string;
}

/** A model's file. */
export interface ModelInfo {
  name: string;
  kind: 'model' | 'checkpoint';
  bytes: number;
  /** ISO 8601. */
  date: string;
  numerics: number;
  task?: 'classification' | 'regression';
  target?: string;
  metrics?: Logs;
  /** The fingerprint of what the studio trained it on, and the name of that file. */
  data?: string;
  source?: string;
  /** 'image', 'text' or 'series', where it takes no table. */
  medium?: string;
}

export interface StoredModelInfo extends ModelInfo { url: string }

/** A model as the engine knows it. */
export interface ModelDescription {
  name: string;
  seed: number;
  /** With branches they also tell where the inputs of each of their uses come from: [layer, use, result]. */
  layers: { className: string; config: object; name?: string; trainable?: boolean; inboundNodes?: [string, number, number][][] }[];
  /** The shape of a row of the first input. */
  input: number[];
  output: number[];
  inputs: { name: string; shape: number[] }[];
  outputs: { name: string; shape: number[] }[];
  parameters: number;
  numerics: number;
  compiled: boolean;
  /** How a table's columns become inputs, and outputs answers; only for a model of a table. */
  pipeline?: Pipeline;
}
