// Finds the memories of a page's WebAssembly modules as they are made, by their name or
// as an export. Imported before the engine, by pages that ask for it.
const found = new Set();
const { Memory } = WebAssembly;

WebAssembly.Memory = new Proxy(Memory, {
  construct(target, args, as) {
    const memory = Reflect.construct(target, args, as);
    found.add(memory);
    return memory;
  },
});

for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...args) => {
    const made = await original.apply(WebAssembly, args);
    for (const value of Object.values((made.instance ?? made).exports)) if (value instanceof Memory) found.add(value);
    return made;
  };
}

/** memories is their size in bytes. They never shrink: it is also the most they were. */
globalThis.memories = () => [...found].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
