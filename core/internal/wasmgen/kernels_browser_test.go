//go:build browser

package wasmgen

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGemmInChromium computes products in Chromium: its compiler, not wazero's, makes
// the code that users run.
func TestGemmInChromium(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	type job struct {
		A, B, Bias, C []byte
		Args          []int32
	}
	const kib = 1 << 10
	var jobs []job
	var want [][]float32
	for _, p := range []product{
		{m: 37, n: 41, k: 300}, {m: 1, n: 37, k: 300}, {m: 64, n: 300, k: 257}, {flags: GemmAdd, m: 130, n: 70, k: 513},
		{flags: GemmTransA, m: 37, n: 41, k: 300}, {flags: GemmTransB, m: 37, n: 41, k: 300}, {flags: GemmTransA | GemmTransB | GemmAdd, m: 9, n: 12, k: 258},
	} {
		ar, ac, br, bc := p.stored()
		a, b, bias, c := numbers(rng, ar*ac, false), numbers(rng, br*bc, false), numbers(rng, p.n, false), numbers(rng, p.m*p.n, false)
		jobs = append(jobs, job{encode(a), encode(b), encode(bias), encode(c), []int32{int32(p.flags), int32(p.m), int32(p.n), int32(p.k),
			1024 * kib, int32(ac), 2048 * kib, int32(bc), 3072 * kib, 3200 * kib, int32(p.n), 4096 * kib}})
		p.reference(a, ac, b, bc, bias, c, p.n)
		want = append(want, c)
	}
	encoded, err := json.Marshal(map[string]any{"wasm": Kernels(), "jobs": jobs})
	require.NoError(t, err)
	var got [][]uint32
	evaluate(t, `(async () => {
		const { wasm, jobs } = `+string(encoded)+`;
		const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
		const memory = new WebAssembly.Memory({ initial: 128 });
		const { instance } = await WebAssembly.instantiate(bytes(wasm), { env: { memory } });
		return jobs.map(({ A, B, Bias, C, Args }) => {
			const c = bytes(C);
			[[A, 4], [B, 6], [Bias, 8]].forEach(([x, i]) => new Uint8Array(memory.buffer).set(bytes(x), Args[i]));
			new Uint8Array(memory.buffer).set(c, Args[9]);
			instance.exports.gemm(...Args);
			return Array.from(new Uint32Array(memory.buffer, Args[9], c.length / 4));
		});
	})()`, &got)
	for i, w := range want {
		require.Len(t, got[i], len(w))
		x := make([]float32, len(w))
		for j, bits := range got[i] {
			x[j] = math.Float32frombits(bits)
		}
		sameBits(t, w, x, "product", i)
	}
}

func encode(x []float32) []byte {
	var b []byte
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
