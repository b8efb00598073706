/**
 * What terrarium.d.ts has to say of tables: reading them, what they hold, and how they
 * become what a network learns from.
 */

import type { Logs } from './terrarium.js';

export type Kind = 'number' | 'category' | 'boolean' | 'date' | 'text' | 'id';
export type Role = 'feature' | 'target' | 'ignore';

export interface TableOptions {
  /** The column to predict; default: the likeliest one. */
  target?: string;
  roles?: Record<string, Role>;
  kinds?: Record<string, Kind>;
  split?: Partial<Split>;
  /** Shown in messages; default: the file's name. */
  name?: string;
  /** One character; default: found. */
  delimiter?: string;
  header?: 'yes' | 'no';
  quotes?: 'standard' | 'plain';
  ragged?: 'skip' | 'fill';
  decimalComma?: 'yes' | 'no';
  /** 'GB18030', 'SHIFT_JIS', 'WINDOWS-1251' …; default: found. */
  encoding?: string;
  signal?: AbortSignal;
  onProgress?(progress: { stage: string; done: number; total: number }): void;
}

/** A table in the engine. */
export interface Table {
  /** What the columns hold. */
  readonly profile: Profile;
  /** Every decision, with its reason. Change it, then call prepare. */
  setup: Setup;
  /** By column. */
  readonly roles: Record<string, Role>;
  readonly split: Split;
  /** Corrects what a column is; the setup is suggested anew. */
  setKind(column: string, kind: Kind): Promise<void>;
  /** Suggests a setup for a target. */
  suggest(target?: string): Promise<Setup>;
  /** Splits and encodes as setup says; fit does it if nobody has. Tells the features and what to begin with. */
  prepare(setup?: Setup): Promise<Prepared>;
  /** Rows as text, from row 0 on. */
  rows(from?: number, count?: number): Promise<{ columns: string[]; rows: string[][]; lines: number[] }>;
  dispose(): void;
}

export interface Notice { code: string; column?: string; line?: number; message: string }

export interface Profile {
  name: string;
  rows: number;
  columns: ColumnProfile[];
  dialect: { delimiter: string; quotes: string; header: boolean; decimalComma: boolean; encoding: string };
  notices: Notice[];
  /** The SHA-256 of the file. */
  fingerprint: string;
  fileBytes: number;
  memoryBytes: number;
  target: string;
}

export interface ColumnProfile {
  name: string;
  kind: Kind;
  inferred: Kind;
  missing: number;
  distinct: number;
  min: number;
  max: number;
  mean: number;
  std: number;
  median: number;
  bins: { label?: string; low: number; high: number; count: number }[];
  samples: string[];
  constant?: boolean;
  empty?: boolean;
  role: Role;
  reason: string;
}

/** Shares that add up to 1. */
export interface Split { train: number; validation: number; test: number; seed: number; stratify: boolean }

export interface ColumnSetup {
  name: string;
  kind?: Kind;
  role?: Role;
  missing?: 'median' | 'mean' | 'mode' | 'constant' | 'drop-row' | 'flag';
  constant?: string;
  encoding?: 'none' | 'onehot' | 'ordinal' | 'cyclic';
  scaling?: 'standard' | 'minmax' | 'none';
  order?: string[];
  /** Rare categories are not merged into one, up to 1000. */
  keepRare?: boolean;
  reason?: string;
  leak?: boolean;
}

export interface Setup {
  target: string;
  task: 'classification' | 'regression';
  columns: ColumnSetup[];
  split: Split;
  reasons: { target?: string; task?: string; split?: string };
  notices: Notice[];
}

/** How raw rows become features, and outputs answers. It is saved with the model. */
export interface Pipeline {
  format: number;
  inputs: { name: string; kind: Kind; encoding: string; categories?: string[]; min: number; max: number; default: string }[];
  output: { name: string; task: 'classification' | 'regression'; labels?: string[]; counts?: number[] };
}

export interface Prepared {
  /** Numbers of rows. */
  train: number;
  validation: number;
  test: number;
  /** Names; their number is the width of a network's input. */
  features: string[];
  pipeline: Pipeline;
  setup: Setup;
  notices: Notice[];
  leaks: { column: string; score: number; reason: string }[];
  baseline: { label?: string; accuracy?: number; value?: number; mae?: number; rmse?: number };
  /** A sound network and training options to begin with. */
  defaults: {
    hidden: number[]; activation: string; initializer: string; dropout: number; l2: number;
    outputUnits: number; outputActivation: string; loss: string; metrics: string[];
    optimizer: string; learningRate: number; batchSize: number; epochs: number; patience: number; monitor: string; restoreBest: boolean;
    classWeight?: number[]; reasons: Record<string, string>;
  };
}

export interface TestResult {
  rows: number;
  /** The metric to show first. */
  headline: 'acc' | 'r2';
  metrics: Logs;
  /** The same of the guess that needs no model. */
  baseline: Logs;
  guess: string;
  labels?: string[];
  /** [true][predicted], counts. */
  confusion?: number[][];
  /** By row: class index, or the target's value. */
  truth: Float32Array;
  predicted: Float32Array;
  /** By row: its number in the table, from 1. */
  lines: Float32Array;
  /** Of a regression, with 19 rows or more: in share of them the truth lay from low to high beside the answer (low is mostly negative). */
  interval?: { low: number; high: number; share: number };
}

export interface RowResult {
  /** Of a classification: the likeliest class. */
  label?: string;
  /** Of a regression. */
  value?: number;
  /** Likeliest first. */
  classes?: { label: string; probability: number }[];
}

export interface SampleInfo { name: string; title: string; description: string; target: string; task: string; rows: number }
