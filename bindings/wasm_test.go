package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestModelWasm(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(5)
	no := false
	sizes := map[string]int{}
	for name, p := range map[string]WasmParams{"whole": {}, "small": {Weights: "float16"}, "plain": {SIMD: &no}} {
		p.Model = id
		var r WasmResult
		out := b.call(MethodModelWasm, p, &r)
		file := Take(out[r.Buffer])
		require.Equal(t, "\x00asm\x01\x00\x00\x00", string(file[:8]))
		require.Regexp(t, `\.wasm$`, r.Name)
		require.Less(t, r.Weights+r.Code, len(file))
		sizes[name] = r.Weights
	}
	require.Less(t, sizes["small"], sizes["whole"])
	require.Equal(t, sizes["plain"], sizes["whole"])
	require.Contains(t, b.refused(tensor.CodeOption, MethodModelWasm, WasmParams{Model: id, Weights: "float8"}).Message, "float16")
}
