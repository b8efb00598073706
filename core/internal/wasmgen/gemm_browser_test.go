//go:build browser

package wasmgen

import (
	"fmt"
	"testing"
)

// shape is a product without gaps or bias.
type shape struct{ flags, m, n, k int }

// args are the arguments of gemm for matrices without gaps, which lie apart.
func (s shape) args() []int32 {
	p := product{flags: s.flags, m: s.m, n: s.n, k: s.k}
	_, lda, _, ldb := p.stored()
	const mib = 1 << 20
	list := []int{s.flags, s.m, s.n, s.k, 8 * mib, lda, 20 * mib, ldb, 0, 32 * mib, s.n, 48 * mib}
	var out []int32
	for _, v := range list {
		out = append(out, int32(v))
	}
	return out
}

func (s shape) flop() float64 { return 2 * float64(s.m) * float64(s.n) * float64(s.k) }

// contest reports the GFLOP/s of each plan at each shape, all measured in turn, as
// one benchmark each.
func contest(b *testing.B, names []string, plans []gemmPlan, shapes []shape) {
	var vs []variant
	for _, s := range shapes {
		for i, p := range plans {
			name := fmt.Sprintf("%s/%s/%dx%dx%d", names[i], [...]string{"NN", "TN", "NT", "TT", "NN+"}[s.flags], s.m, s.n, s.k)
			vs = append(vs, variant{Name: name, Wasm: kernels(p), Args: s.args(), Flop: s.flop()})
		}
	}
	best := race(b, "gemm", 4, 4, vs)
	for i, v := range vs {
		b.Run(v.Name, func(b *testing.B) {
			b.ReportMetric(best[i], "GFLOP/s")
			b.ReportMetric(v.Flop/best[i], "ns/op")
		})
	}
}

func squares() []shape {
	var list []shape
	for _, n := range []int{128, 256, 512, 1024} {
		for _, flags := range []int{0, GemmTransA, GemmTransB, GemmAdd} {
			list = append(list, shape{flags, n, n, n})
		}
	}
	return list
}

// networks are the products of a step of a network 784-128-64-10, forward and back,
// and of one of 10-32-16-1.
func networks() []shape {
	var list []shape
	for _, m := range []int{1, 32, 256} {
		list = append(list, shape{0, m, 128, 784}, shape{0, m, 64, 128}, shape{0, m, 10, 64},
			shape{GemmTransB, m, 128, 64}, shape{GemmTransB, m, 64, 10},
			shape{GemmTransA, 784, 128, m}, shape{GemmTransA, 128, 64, m}, shape{GemmTransA, 64, 10, m})
	}
	return append(list, shape{0, 32, 32, 10}, shape{0, 32, 16, 32}, shape{0, 32, 1, 16},
		shape{GemmTransA, 10, 32, 32}, shape{GemmTransB, 32, 32, 16})
}

func BenchmarkGemm(b *testing.B) {
	contest(b, []string{"plan"}, []gemmPlan{plan}, append(squares(), networks()...))
}

// BenchmarkTiles compares tiles and how far their loop is unrolled.
func BenchmarkTiles(b *testing.B) {
	var names []string
	var plans []gemmPlan
	for _, t := range []tile{{4, 2, 1}, {4, 2, 2}, {4, 2, 4}, {4, 2, 8}, {5, 2, 4}, {6, 2, 4}, {8, 1, 4}, {2, 4, 4}, {3, 4, 4}, {8, 2, 4}} {
		p := plan
		p.tile = t
		plans, names = append(plans, p), append(names, fmt.Sprintf("%dx%d-unroll%d", t.rows, t.width(), t.unroll))
	}
	contest(b, names, plans, []shape{{0, 240, 240, 256}})
}

// BenchmarkRow compares tiles of a single row.
func BenchmarkRow(b *testing.B) {
	var names []string
	var plans []gemmPlan
	for _, vecs := range []int{1, 2, 3, 4, 6, 8, 12} {
		p := plan
		p.row.vecs = vecs
		plans, names = append(plans, p), append(names, fmt.Sprintf("1x%d", p.row.width()))
	}
	contest(b, names, plans, []shape{{0, 1, 128, 784}, {0, 1, 512, 512}})
}

// BenchmarkPacking compares a B that is read in place with one that is packed.
func BenchmarkPacking(b *testing.B) {
	place, packed := plan, plan
	place.packB, packed.packB = 1<<28, 1
	var shapes []shape
	for _, s := range [][2]int{{128, 784}, {512, 512}, {1024, 512}} {
		for _, m := range []int{8, 16, 32, 64, 128} {
			shapes = append(shapes, shape{0, m, s[0], s[1]})
		}
	}
	contest(b, []string{"place", "packed"}, []gemmPlan{place, packed}, shapes)
}
