/**
 * What terrarium.d.ts has to say of layers: what each does, its options, and how weights
 * begin and what holds them back.
 */

import type { Layer } from './terrarium.js';

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
  biasRegularizer?: Regularizer | RegularizerName;
  /** Adds the penalty on the layer's output to the loss, as a mean over the batch's rows. */
  activityRegularizer?: Regularizer | RegularizerName;
  biasConstraint?: Constraint | ConstraintName;
}

export interface ConvFiltersConfig extends ConvConfig {
  /** Channels of the result. */
  filters: number;
  /** Default glorotUniform. */
  kernelInitializer?: InitializerName | { className: string; config?: object };
  kernelRegularizer?: Regularizer | RegularizerName;
  /** What the kernel is held to after each step; a norm's axis is [0, 1, 2] for a filter of conv2d. */
  kernelConstraint?: Constraint | ConstraintName;
}

export interface DepthwiseConfig extends ConvConfig {
  /** Kernels of each channel; default 1. */
  depthMultiplier?: number;
  depthwiseInitializer?: InitializerName | { className: string; config?: object };
  depthwiseRegularizer?: Regularizer | RegularizerName;
  depthwiseConstraint?: Constraint | ConstraintName;
}

export interface SeparableConfig extends DepthwiseConfig {
  /** Channels of the result. */
  filters: number;
  pointwiseInitializer?: InitializerName | { className: string; config?: object };
  pointwiseRegularizer?: Regularizer | RegularizerName;
  pointwiseConstraint?: Constraint | ConstraintName;
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
  recurrentRegularizer?: Regularizer | RegularizerName;
  recurrentConstraint?: Constraint | ConstraintName;
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
