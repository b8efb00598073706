/**
 * <terrarium-predict src="model.wasm"></terrarium-predict>: a form for a compiled model
 * (model.toWasm), and its answer.
 *
 *   <script type="module" src="embed.js"></script>
 *
 * Beside it lies embed-media.js, which it loads for models of texts and pictures, and only
 * then: a box that answers while one types, or a pad that is drawn on, and takes pictures
 * that are chosen, dropped, pasted or seen by a camera. (integrity on the script's own tag
 * covers embed.js; a page whose policy asks for more names the other in an import map.)
 *
 * The page's policy needs script-src with 'self' and 'wasm-unsafe-eval', and connect-src
 * for the model; no inline styles.
 *
 * Attributes: src; integrity (of the model, as for scripts); loading="lazy"; pixels, the
 * values of black and white in a picture, "0 1" if left out, where the model does not tell; labels,
 * JSON with words in place of ours, or label-KEY for one: predict, loading, failed,
 * missing, range, outside, wanted, numbers, draw, picture, clear, camera, stop, text, image,
 * why, off, interval. Words in braces stay: {min}, {max}, {n}, {by}, {low}, {high}, {share}. dir="rtl"
 * works as everywhere.
 *
 * Looks: --terrarium-text, -field, -border, -radius, -gap, -accent, -on-accent, -track,
 * -focus; ::part of form, fields, group, label, field, hint, button, pad, clear, camera, answer,
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
   * Answers for values by name (of models of texts or pictures, text or
   * image; numbers, texts as people write them, a Date, a category; a
   * picture as a Blob, ImageData, an image, canvas or video, or bytes of red, green, blue and
   * opacity at the model's size; what is left out is not known), for a whole row of numbers, or for what the form holds.
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
  inputs: { name: string; kind: 'number' | 'category' | 'boolean' | 'date' | 'tensor' | 'image' | 'text' | 'series'; shape?: number[]; config?: object; raw?: 'utf8' | 'rgba'; categories?: string[]; other?: string; offset?: number; min?: number; max?: number; default?: string; integer?: boolean; unit?: string }[];
  outputs: { name: string; task: 'regression' | 'classification' | 'tensor'; shape: number[]; labels?: string[]; min?: number; max?: number; unit?: string; interval?: { low: number; high: number; share: number } }[];
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
  /** Of a value, where the model tells: in share of the rows that it was tested on the truth lay between them. */
  low?: number;
  high?: number;
  share?: number;
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
