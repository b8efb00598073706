// Numbers on their way to an engine and back.

import { TerrariumError } from './connection.js';

/** Numbers and their shape. data is read anew at every call, and never detached. */
export class Tensor {
  constructor(data, shape) { Object.assign(this, { data, shape }); }
}

/** Makes a tensor of a typed array (not copied), of numbers, or of nested lists of equal length. */
export function tensor(data, shape) {
  if (data instanceof Tensor) return data;
  if (data instanceof Float32Array) return new Tensor(data, shape ?? [data.length]);
  const dims = [];
  for (let level = data; Array.isArray(level) || ArrayBuffer.isView(level); level = level[0]) dims.push(level.length);
  const numbers = [];
  flatten(data, dims, 0, numbers, 0);
  return new Tensor(Float32Array.from(numbers), shape ?? dims);
}

/** Appends the numbers of nested lists; what is no number becomes NaN, which the engine refuses by row and column. */
function flatten(list, dims, depth, into, row) {
  if ((list?.length ?? -1) !== dims[depth]) {
    throw new TerrariumError(`row ${row} has ${list?.length ?? 'no'} values where the first one has ${dims[depth]}; all rows must be equally long`, { code: 'shape', row });
  }
  for (let i = 0; i < list.length; i++) {
    if (depth + 1 < dims.length) flatten(list[i], dims, depth + 1, into, depth ? row : i + 1);
    else into.push(typeof list[i] === 'number' || typeof list[i] === 'boolean' ? Number(list[i]) : NaN);
  }
}

/** Collects the buffers of a request while its params are written. */
export class Parcel {
  buffers = []; blobs = [];
  tensor(value) {
    if (value == null) return undefined;
    const { data, shape } = value instanceof Tensor || value.data ? value : tensor(value);
    this.buffers.push(new Float32Array(data).buffer); // a copy: the caller's array stays whole
    return { shape, buffer: this.buffers.length - 1 };
  }
  blob(value) { return this.blobs.push(value) - 1; }

  /** Members for one tensor, or for several under the plural of the name. */
  tensors(name, value) {
    if (value == null) return {};
    const several = Array.isArray(value) && (value[0] instanceof Tensor || value[0]?.data);
    return several ? { [`${name}s`]: value.map((v) => this.tensor(v)) } : { [name]: this.tensor(value) };
  }
}

export const received = ({ shape, buffer }, buffers) => new Tensor(new Float32Array(buffers[buffer]), shape);
