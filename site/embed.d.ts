/**
 * <terrarium-predict src="model.wasm"></terrarium-predict>: a form for a compiled model
 * (model.toWasm), and its answer.
 *
 *   <script type="module" src="embed.js"></script>
 *
 * The page's policy needs script-src with 'self' and 'wasm-unsafe-eval', and connect-src
 * for the model; no inline styles.
 *
 * Attributes: src; integrity (of the model, as for scripts); loading="lazy"; pixels, the
 * values of black and white in a picture, "0 1" if left out, where the model does not tell; labels,
 * JSON with words in place of ours, or label-KEY for one: predict, loading, failed,
 * missing, range, outside, wanted, numbers, draw, picture, clear, why, off. Words in braces
 * stay: {min}, {max}, {n}, {by}. dir="rtl" works as everywhere.
 *
 * Looks: --terrarium-text, -field, -border, -radius, -gap, -accent, -on-accent, -track,
 * -focus; ::part of form, fields, group, label, field, hint, button, pad, clear, answer,
 * value, row, bar, fill, why, status, error.
 */
export interface TerrariumPredict extends HTMLElement {
  src: string | null;
  labels: Record<string, string>;
  /** What the form holds, by the names of inputs; setting some fills these in. */
  values: Record<string, unknown>;
  /** The model's description, once it is there. */
  readonly description?: Description;
  /** Fulfils with the description, or rejects with what also came as an error event. */
  readonly ready: Promise<Description>;
  /**
   * Answers for values by name (numbers, texts as people write them, a Date, a category;
   * what is left out is not known), for a whole row of numbers, or for what the form holds.
   */
  predict(values?: Record<string, unknown> | ArrayLike<number> & Iterable<number>): Promise<Prediction>;
  addEventListener(type: 'ready', listener: (event: CustomEvent<Description>) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: 'predict', listener: (event: CustomEvent<Prediction>) => void, options?: boolean | AddEventListenerOptions): void;
  /** A model that cannot be loaded, or a form that is not understood; it does not bubble. */
  addEventListener(type: 'error', listener: (event: CustomEvent<Error>) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** What a compiled model says of itself (its custom section "terrarium"). */
export interface Description {
  format: number;
  name: string;
  numerics: number;
  weights: 'float32' | 'float16' | 'int8';
  simd: boolean;
  inputSize: number;
  outputSize: number;
  maxRows: number;
  inputs: { name: string; kind: 'number' | 'category' | 'boolean' | 'date' | 'tensor' | 'image' | 'text' | 'series'; shape?: number[]; config?: object; categories?: string[]; other?: string; offset?: number; min?: number; max?: number; default?: string; integer?: boolean; unit?: string }[];
  outputs: { name: string; task: 'regression' | 'classification' | 'tensor'; shape: number[]; labels?: string[]; min?: number; max?: number; unit?: string }[];
  metrics?: Record<string, number>;
  fingerprint?: string;
  licence?: string;
}

/** The answer of one output. */
export interface Answer {
  name: string;
  /** The likeliest class, the value, or, of a tensor, its values. */
  answer: string | number | number[];
  /** Of classes. */
  probabilities?: Record<string, number>;
}

/** Of several outputs, answer and probabilities are those of the first. */
export interface Prediction extends Answer {
  values: Record<string, unknown> | ArrayLike<number>;
  /** The model's numbers, to the bit those of the engine. */
  outputs: Float32Array;
  answers: Answer[];
}

declare global {
  interface HTMLElementTagNameMap { 'terrarium-predict': TerrariumPredict }
}
