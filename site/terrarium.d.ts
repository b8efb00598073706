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
  /** The folder that holds engine.wasm, engine.nosimd.wasm, kernels.wasm and wasm_exec.js; default: this module's. It may be of another origin. */
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
  /** Opens a model: "indexeddb://name", a URL, a file, or its bytes. */
  loadModel(source: string | URL | File | Blob | ArrayBuffer | Uint8Array): Promise<Model>;
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

export interface LayerConfig {
  name?: string;
  /** false: training leaves its weights as they are. */
  trainable?: boolean;
  /** The shape of a row of input; the first layer needs it. */
  inputShape?: number[];
}

export type ActivationName =
  | 'linear' | 'relu' | 'relu6' | 'leakyRelu' | 'elu' | 'selu' | 'sigmoid' | 'hardSigmoid' | 'tanh'
  | 'softplus' | 'softsign' | 'swish' | 'mish' | 'gelu' | 'softmax' | (string & {});

export type InitializerName =
  | 'glorotUniform' | 'glorotNormal' | 'heUniform' | 'heNormal' | 'leCunUniform' | 'leCunNormal' | 'zeros' | 'ones' | (string & {});

export interface DenseConfig extends LayerConfig {
  units: number;
  activation?: ActivationName;
  useBias?: boolean;
  /** Default glorotUniform. */
  kernelInitializer?: InitializerName | { className: string; config?: object };
  /** Default zeros. */
  biasInitializer?: InitializerName | { className: string; config?: object };
  kernelRegularizer?: Regularizer | RegularizerName;
  biasRegularizer?: Regularizer | RegularizerName;
  /** Adds the penalty on the layer's output to the loss, as a mean over the batch's rows. */
  activityRegularizer?: Regularizer | RegularizerName;
  /** What the kernel is held to after each step. */
  kernelConstraint?: Constraint | ConstraintName;
  biasConstraint?: Constraint | ConstraintName;
}

export interface PoolingConfig extends LayerConfig {
  /** One number for all axes, or one for each; default 2. */
  poolSize?: number | number[];
  /** Default poolSize. */
  strides?: number | number[];
  /** Default valid. */
  padding?: 'valid' | 'same';
}

export type Margins = number | [rows: number, columns: number] | [[top: number, bottom: number], [left: number, right: number]];

export interface GlobalPoolingConfig extends LayerConfig {
  /** Leaves axes of length 1 where axes were. */
  keepdims?: boolean;
}

/** What convolutions have in common. Data is channels last. */
export interface ConvConfig extends LayerConfig {
  /** The size of a window: one number, or one for each axis. */
  kernelSize: number | number[];
  /** From one window to the next; default 1. */
  strides?: number | number[];
  /** Default 'valid': no zeros around the input. 'causal' is for conv1d. */
  padding?: 'valid' | 'same' | 'causal';
  /** From one input that a window meets to the next; default 1. */
  dilationRate?: number | number[];
  dataFormat?: 'channelsLast';
  activation?: ActivationName;
  useBias?: boolean;
  biasInitializer?: InitializerName | { className: string; config?: object };
  biasRegularizer?: Regularizer | 'l1' | 'l2' | 'l1l2';
}

export interface ConvFiltersConfig extends ConvConfig {
  /** Channels of the result. */
  filters: number;
  /** Default glorotUniform. */
  kernelInitializer?: InitializerName | { className: string; config?: object };
  kernelRegularizer?: Regularizer | 'l1' | 'l2' | 'l1l2';
}

export interface DepthwiseConfig extends ConvConfig {
  /** Kernels of each channel; default 1. */
  depthMultiplier?: number;
  depthwiseInitializer?: InitializerName | { className: string; config?: object };
  depthwiseRegularizer?: Regularizer | 'l1' | 'l2' | 'l1l2';
}

export interface SeparableConfig extends DepthwiseConfig {
  /** Channels of the result. */
  filters: number;
  pointwiseInitializer?: InitializerName | { className: string; config?: object };
  pointwiseRegularizer?: Regularizer | 'l1' | 'l2' | 'l1l2';
}

/**
 * Recurrent layers read [batch, time, features] and give the last state, [batch, units], or with returnSequences every
 * one, [batch, time, units]. With returnState the last states are further results.
 */
export interface SimpleRNNConfig extends DenseConfig {
  /** Default tanh. */
  activation?: ActivationName;
  /** Default orthogonal. */
  recurrentInitializer?: InitializerName | { className: string; config?: object };
  recurrentRegularizer?: Regularizer | 'l1' | 'l2' | 'l1l2';
  returnSequences?: boolean;
  returnState?: boolean;
  /** Read from the last step to the first; results stay in the order of reading. */
  goBackwards?: boolean;
  /** The share of features dropped while training, for a sample the same at all steps. */
  dropout?: number;
  /** The share of units dropped where the state meets the recurrent kernel, likewise. */
  recurrentDropout?: number;
}

export interface LSTMConfig extends SimpleRNNConfig {
  /** Of the gates. Default sigmoid, as in Keras; TensorFlow.js has hardSigmoid. */
  recurrentActivation?: ActivationName;
  /** The forget gates' bias begins as 1. Default true. */
  unitForgetBias?: boolean;
}

export interface GRUConfig extends SimpleRNNConfig {
  /** Of the gates. Default sigmoid, as in Keras; TensorFlow.js has hardSigmoid. */
  recurrentActivation?: ActivationName;
  /** The reset gate works behind the product with the recurrent kernel, and bias is [2, 3·units]. Default true, as in Keras; TensorFlow.js has only false. */
  resetAfter?: boolean;
}

export interface BidirectionalConfig extends LayerConfig {
  /** A simpleRNN, lstm or gru, of which there will be two: one for each direction. */
  layer: Layer;
  /** null gives both results. Default concat. */
  mergeMode?: 'concat' | 'sum' | 'mul' | 'ave' | null;
}

export interface Layers {
  inputLayer(config: LayerConfig): Layer;
  /** y = activation(x · kernel + bias); kernel [inputs, units], bias [units]. */
  dense(config: DenseConfig): Layer;
  /** [batch, a, b, …] → [batch, a·b·…]. */
  flatten(config?: LayerConfig): Layer;
  /** [batch, steps, in] → [batch, steps', filters]; kernel [k, in, filters]. */
  conv1d(config: ConvFiltersConfig): Layer;
  /** [batch, height, width, in] → [batch, height', width', filters]; kernel [kh, kw, in, filters]. */
  conv2d(config: ConvFiltersConfig): Layer;
  /** [batch, height, width, in] → enlarged by strides [batch, height', width', filters]; kernel [kh, kw, filters, in]. */
  conv2dTranspose(config: ConvFiltersConfig): Layer;
  /** Each channel by itself: [batch, height, width, in] → [batch, height', width', in · depthMultiplier]. */
  depthwiseConv2d(config: DepthwiseConfig): Layer;
  /** Each channel by itself, then all at each pixel: → [batch, height', width', filters]. */
  separableConv2d(config: SeparableConfig): Layer;
  activation(config: LayerConfig & { activation: ActivationName }): Layer;
  /** In training, sets each value to 0 with probability rate and scales the others by 1/(1-rate). */
  dropout(config: LayerConfig & { rate: number }): Layer;
  /** x < threshold ? negativeSlope·(x - threshold) : min(x, maxValue). */
  reLU(config?: LayerConfig & { maxValue?: number; negativeSlope?: number; threshold?: number }): Layer;
  leakyReLU(config?: LayerConfig & { alpha?: number }): Layer;
  elu(config?: LayerConfig & { alpha?: number }): Layer;
  softmax(config?: LayerConfig & { axis?: number }): Layer;
  /** The maximum of each window: [batch, steps, channels] → [batch, out, channels]. */
  maxPooling1d(config?: PoolingConfig): Layer;
  /** [batch, height, width, channels] → [batch, out, out, channels]. */
  maxPooling2d(config?: PoolingConfig): Layer;
  /** The mean of each window; padding does not count. */
  averagePooling1d(config?: PoolingConfig): Layer;
  averagePooling2d(config?: PoolingConfig): Layer;
  /** The maximum of each channel: [batch, …, channels] → [batch, channels]. */
  globalMaxPooling1d(config?: GlobalPoolingConfig): Layer;
  globalMaxPooling2d(config?: GlobalPoolingConfig): Layer;
  globalAveragePooling1d(config?: GlobalPoolingConfig): Layer;
  globalAveragePooling2d(config?: GlobalPoolingConfig): Layer;
  /** Writes each step size times; default 2. */
  upSampling1d(config?: LayerConfig & { size?: number }): Layer;
  /** Enlarges images; default [2, 2], nearest. */
  upSampling2d(config?: LayerConfig & { size?: number | [number, number]; interpolation?: 'nearest' | 'bilinear' }): Layer;
  /** Default 1. */
  zeroPadding1d(config?: LayerConfig & { padding?: number | [before: number, after: number] }): Layer;
  /** One number for all edges, [rows, columns], or [[top, bottom], [left, right]]; default 1. */
  zeroPadding2d(config?: LayerConfig & { padding?: Margins }): Layer;
  /** Default 1. */
  cropping1d(config?: LayerConfig & { cropping?: number | [before: number, after: number] }): Layer;
  /** As zeroPadding2d's padding; default 0. */
  cropping2d(config?: LayerConfig & { cropping?: Margins }): Layer;
  /** One number may be -1: what is left. */
  reshape(config: LayerConfig & { targetShape: number[] }): Layer;
  /** Axis i of the result is axis dims[i] of the input, counted from 1. */
  permute(config: LayerConfig & { dims: number[] }): Layer;
  /** [batch, c] → [batch, n, c]. */
  repeatVector(config: LayerConfig & { n: number }): Layer;
  add(config?: LayerConfig): Layer;
  subtract(config?: LayerConfig): Layer;
  multiply(config?: LayerConfig): Layer;
  average(config?: LayerConfig): Layer;
  maximum(config?: LayerConfig): Layer;
  minimum(config?: LayerConfig): Layer;
  /** axis is counted from the batch, which is 0, or from the end; default -1. */
  concatenate(config?: LayerConfig & { axis?: number }): Layer;
  /** Products along an axis of each input; with normalize, cosines. */
  dot(config: LayerConfig & { axes: number | [number, number]; normalize?: boolean }): Layer;
  /** x < 0 ? alpha·x : x, alpha learned, one for all places along sharedAxes. */
  prelu(config?: LayerConfig & { sharedAxes?: number | number[]; alphaInitializer?: InitializerName | { className: string; config?: object }; alphaRegularizer?: Regularizer | RegularizerName; alphaConstraint?: Constraint | ConstraintName }): Layer;
  /** x > theta ? x : 0; default 1. */
  thresholdedReLU(config?: LayerConfig & { theta?: number }): Layer;
  /** Dropout of whole channels. */
  spatialDropout1d(config: LayerConfig & { rate: number }): Layer;
  spatialDropout2d(config: LayerConfig & { rate: number }): Layer;
  /** In training, adds normal noise. */
  gaussianNoise(config: LayerConfig & { stddev: number }): Layer;
  /** In training, multiplies by normal noise around 1, as varied as dropout's mask. */
  gaussianDropout(config: LayerConfig & { rate: number }): Layer;
  /** Dropout for networks of selu. */
  alphaDropout(config: LayerConfig & { rate: number }): Layer;
  /** h = activation(x · kernel + h · recurrentKernel + bias), step by step. */
  simpleRNN(config: SimpleRNNConfig): Layer;
  /** Long short-term memory; kernel [features, 4·units] with the blocks i, f, c, o. */
  lstm(config: LSTMConfig): Layer;
  /** Gated recurrent units; kernel [features, 3·units] with the blocks z, r, h. */
  gru(config: GRUConfig): Layer;
  /** Reads a sequence in both directions and merges the results. */
  bidirectional(config: BidirectionalConfig): Layer;
  /** Applies a layer to each step of time: [batch, time, …]. */
  timeDistributed(config: LayerConfig & { layer: Layer }): Layer;
  /** Normalises each channel, the last axis, over the batch: y = gamma · (x - mean) / √(variance + epsilon) + beta; the moving statistics at inference. */
  batchNormalization(config?: NormalizationConfig & { momentum?: number; movingMeanInitializer?: InitializerLike; movingVarianceInitializer?: InitializerLike }): Layer;
  /** Normalises each sample along the last axis, or along all axes from some on to the last. */
  layerNormalization(config?: NormalizationConfig): Layer;
  /** y = scale · x / √(mean of x² + epsilon) along the last axis. Default epsilon 1e-6. */
  rmsNormalization(config?: LayerConfig & { axis?: number | number[]; epsilon?: number }): Layer;
  /** Turns whole numbers from 0 to inputDim - 1 into vectors: [batch, …] → [batch, …, outputDim]. With maskZero 0 means padding. */
  embedding(config: EmbeddingConfig): Layer;
  /** Steps of time whose values all are maskValue (default 0) are padding: [batch, time, n]. */
  masking(config?: LayerConfig & { maskValue?: number }): Layer;
  /** Adds a learned vector to each of at most sequenceLength steps: [batch, time, n]. */
  positionEmbedding(config?: LayerConfig & { sequenceLength?: number; initializer?: InitializerLike }): Layer;
  /** Adds sines and cosines of growing wavelengths to each step: [batch, time, n]. */
  sinePositionEncoding(config?: LayerConfig & { maxWavelength?: number }): Layer;
  /** softmax(scale · query · keyᵀ) · value; inputs query, key, value. Default scale 1/√(width of a key). */
  scaledDotProductAttention(config?: LayerConfig & { scale?: number; useCausalMask?: boolean }): Layer;
  /** Attention of several heads; inputs query, value (default query), key (default value), each [batch, time, width]. */
  multiHeadAttention(config: MultiHeadAttentionConfig): Layer;
  /** Self-attention and two dense layers a step, each normalised and added to its input: [batch, time, width]. */
  transformerBlock(config: TransformerBlockConfig): Layer;
}

export type InitializerLike = InitializerName | { className: string; config?: object };
export type RegularizerLike = Regularizer | 'l1' | 'l2' | 'l1l2';

export interface NormalizationConfig extends LayerConfig {
  /** Default -1, the last; batchNormalization takes no other. */
  axis?: number | number[];
  /** Default 1e-3. */
  epsilon?: number;
  /** Whether there is a beta, and a gamma. Default true. */
  center?: boolean; scale?: boolean;
  betaInitializer?: InitializerLike; gammaInitializer?: InitializerLike;
  betaRegularizer?: RegularizerLike; gammaRegularizer?: RegularizerLike;
}

export interface EmbeddingConfig extends LayerConfig {
  inputDim: number; outputDim: number;
  /** Default uniform from -0.05 to 0.05. */
  embeddingsInitializer?: InitializerLike; embeddingsRegularizer?: RegularizerLike;
  maskZero?: boolean;
  /** The shape of a row, as inputShape: [inputLength]. */
  inputLength?: number;
}

export interface AttentionConfig extends LayerConfig {
  numHeads: number;
  /** In training, of the weights of attention; of a transformerBlock's two branches as well. */
  dropout?: number;
  useBias?: boolean;
  /** No step sees a later one: a decoder's. */
  useCausalMask?: boolean;
  kernelInitializer?: InitializerLike; biasInitializer?: InitializerLike; kernelRegularizer?: RegularizerLike;
}

export interface MultiHeadAttentionConfig extends AttentionConfig {
  /** Of each head; valueDim is keyDim unless given. */
  keyDim: number; valueDim?: number;
  biasRegularizer?: RegularizerLike;
}

export interface TransformerBlockConfig extends AttentionConfig {
  /** Of each head. Default width / numHeads. */
  keyDim?: number;
  /** Of the inner dense layer. Default 4 · width, and gelu. */
  intermediateDim?: number; activation?: ActivationName;
  /** Of the normalisations. Default 1e-5. */
  epsilon?: number;
  /** Default true: the normalisations stand in front of attention and dense layers, not behind the sums. */
  normFirst?: boolean;
}

export type RegularizerName = 'l1' | 'l2' | 'l1l2' | (string & {});

export interface Regularizer { className: string; config: object }

export interface Regularizers {
  l1(config?: { l1?: number }): Regularizer;
  l2(config?: { l2?: number }): Regularizer;
  l1l2(config?: { l1?: number; l2?: number }): Regularizer;
}

export type ConstraintName = 'maxNorm' | 'unitNorm' | 'nonNeg' | 'minMaxNorm' | (string & {});

export interface Constraint { className: string; config: object }

/** axis (default 0) is over what a norm runs: one axis, or several that stand side by side ([0, 1, 2] for a kernel of conv2d). */
export interface Constraints {
  /** Norms are at most maxValue (default 2). */
  maxNorm(config?: { maxValue?: number; axis?: number | number[] }): Constraint;
  /** Norms are 1. */
  unitNorm(config?: { axis?: number | number[] }): Constraint;
  /** Nothing is below 0. */
  nonNeg(): Constraint;
  /** Norms are moved by a share rate of the way into the range from minValue (0) to maxValue (1). */
  minMaxNorm(config?: { minValue?: number; maxValue?: number; rate?: number; axis?: number | number[] }): Constraint;
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
  /** A table of the layers, as text. */
  summary(): Promise<string>;
  info(): Promise<ModelDescription>;
  /** Frees the engine's memory at once; otherwise it is freed some time after the last reference to the model is gone. */
  dispose(): void;
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
