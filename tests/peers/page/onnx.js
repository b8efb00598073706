// Writes just enough of ONNX (protocol buffers, onnx.proto3) for dense networks. A
// message is a list of bytes; field numbers are those of the schema.

const text = new TextEncoder();

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const number = (field, value) => [...varint(field * 8), ...varint(value)];

/** bytes appends a field of known length to a list of parts. */
const bytes = (field, content) => {
  const body = typeof content === 'string' ? text.encode(content) : Uint8Array.from(content);
  return join(Uint8Array.from([...varint(field * 8 + 2), ...varint(body.length)]), body);
};

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const FLOAT = 1;

const tensor = (name, shape, data) => join(
  Uint8Array.from(shape.flatMap((d) => number(1, d)).concat(number(2, FLOAT))),
  bytes(8, name),
  bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
);

const node = (op, inputs, output) => join(...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(4, op));

/** value describes rows of so many numbers; how many rows is left open. */
const value = (name, width) => {
  const shape = join(bytes(1, bytes(2, 'rows')), bytes(1, number(1, width)));
  return join(bytes(1, name), bytes(2, bytes(1, join(Uint8Array.from(number(1, FLOAT)), bytes(2, shape)))));
};

function model(nodes, initializers, input, output) {
  const graph = join(
    ...nodes.map((n) => bytes(1, n)), bytes(2, 'graph'), ...initializers.map((t) => bytes(5, t)), bytes(11, input), bytes(12, output),
  );
  const opset = join(bytes(1, ''), Uint8Array.from(number(2, 13)));
  return join(Uint8Array.from(number(1, 8)), bytes(7, graph), bytes(8, opset));
}

/** network is a chain of dense layers from x to y: relu between them, softmax at the end. */
export function network(widths, layers) {
  const nodes = [], initializers = [];
  layers.forEach(({ shape, kernel, bias }, i) => {
    const last = i === layers.length - 1, x = i ? `h${i - 1}` : 'x';
    initializers.push(tensor(`w${i}`, shape, kernel), tensor(`b${i}`, [shape[1]], bias));
    nodes.push(node('Gemm', [x, `w${i}`, `b${i}`], `z${i}`), node(last ? 'Softmax' : 'Relu', [`z${i}`], last ? 'y' : `h${i}`));
  });
  return model(nodes, initializers, value('x', widths[0]), value('y', widths.at(-1)));
}

/** product multiplies x by a constant n × n matrix. */
export const product = (n, b) => model([node('MatMul', ['x', 'b'], 'y')], [tensor('b', [n, n], b)], value('x', n), value('y', n));
