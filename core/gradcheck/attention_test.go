package gradcheck

import (
	"fmt"
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// Weights of more than two axes are matrices.
func TestMatMulOfManyAxes(t *testing.T) {
	Op(t, graph.MatMul{}, Config{}, Input{Shape: []int{2, 5}}, Input{Shape: []int{5, 2, 3}, Param: true}, Input{Shape: []int{2, 3}, Param: true})
	Op(t, graph.MatMul{InAxes: 2}, Config{}, Input{Shape: []int{2, 6}}, Input{Shape: []int{2, 3, 4}, Param: true}, Input{Shape: []int{4}, Param: true})
}

func TestNormalize(t *testing.T) {
	for _, rms := range []bool{false, true} {
		for _, params := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} {
			o := graph.Normalize{Axes: 1, Epsilon: 1e-3, RMS: rms, Scale: params[0], Center: params[1]}
			inputs := []Input{{Shape: []int{4, 6}, Low: -2, High: 2}}
			for _, there := range params {
				if there {
					inputs = append(inputs, Input{Shape: []int{6}, Param: true})
				}
			}
			t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
				Op(t, o, Config{}, inputs...)
				Op(t, o, Config{Rows: 1}, inputs...)
			})
		}
	}
	Op(t, graph.Normalize{Axes: 2, Epsilon: 1e-3, Scale: true, Center: true}, Config{}, Input{Shape: []int{3, 4}},
		Input{Shape: []int{3, 4}, Param: true}, Input{Shape: []int{3, 4}, Param: true})
	// More rows than a block of sums has.
	Op(t, graph.Normalize{Axes: 1, Epsilon: 1e-3, Scale: true, Center: true}, Config{Rows: 130, Elements: 10}, Input{Shape: []int{2, 3}, Low: -2, High: 2},
		Input{Shape: []int{3}, Param: true}, Input{Shape: []int{3}, Param: true})
}

func TestBatchNorm(t *testing.T) {
	for _, params := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} {
		for _, config := range []Config{{}, {Rows: 7}, {Rows: 7, Inference: true}, {Rows: 1, Inference: true}} {
			for _, frozen := range []bool{false, true} {
				o := graph.BatchNorm{Momentum: 0.9, Epsilon: 1e-2, Scale: params[0], Center: params[1], Frozen: frozen}
				inputs := []Input{{Shape: []int{2, 2, 3}, Low: -2, High: 2}}
				for _, there := range params {
					if there {
						inputs = append(inputs, Input{Shape: []int{3}, Param: true})
					}
				}
				inputs = append(inputs, Input{Shape: []int{3}, Param: true, Fixed: true}, Input{Shape: []int{3}, Param: true, Fixed: true, Low: 0.5, High: 1.5})
				t.Run(fmt.Sprintf("%+v %+v", o, config), func(t *testing.T) { Op(t, o, config, inputs...) })
			}
		}
	}
}

func TestEmbedding(t *testing.T) {
	Op(t, graph.Embedding{}, Config{}, Input{Shape: []int{4}, Fixed: true, Data: []float32{0, 1, 1, 4, 4, 4, 2, 0, 3, 3, 3, 3}}, Input{Shape: []int{5, 3}, Param: true})
}

func TestMasking(t *testing.T) {
	mask := Input{Shape: []int{4}, Fixed: true, Data: []float32{1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1}}
	Op(t, graph.HideSteps{}, Config{}, Input{Shape: []int{4, 2}}, mask)
}

func TestPositions(t *testing.T) {
	Op(t, graph.AddPositions{}, Config{}, Input{Shape: []int{4, 3}}, Input{Shape: []int{4, 3}, Param: true})
	Op(t, graph.AddPositions{}, Config{}, Input{Shape: []int{2, 3}}, Input{Shape: []int{5, 3}, Param: true})
	Op(t, graph.AddPositions{Table: []float32{1, 2, 3, 4, 5, 6}}, Config{}, Input{Shape: []int{2, 3}})
}

// Every combination of masks, dropout and sizes: self and cross attention, one query,
// one key, one sample, more queries than are computed together.
func TestAttention(t *testing.T) {
	for _, causal := range []bool{false, true} {
		for _, dropout := range []float32{0, 0.3} {
			for _, masked := range []bool{false, true} {
				for _, n := range [][2]int{{4, 4}, {1, 1}, {3, 5}, {5, 2}, {1, 6}, {40, 37}} {
					for _, rows := range []int{1, 3} {
						queries, keys := n[0], n[1]
						o := graph.Attention{Heads: 2, Scale: 0.6, Causal: causal, Dropout: dropout}
						inputs := []Input{{Shape: []int{queries, 6}}, {Shape: []int{keys, 6}}, {Shape: []int{keys, 4}}}
						if masked {
							mask := make([]float32, rows*keys)
							for i := range mask { // the last sample sees nothing
								if i < rows*keys-keys && i%3 != 1 || rows == 1 {
									mask[i] = 1
								}
							}
							inputs = append(inputs, Input{Shape: []int{keys}, Fixed: true, Data: mask})
						}
						name := fmt.Sprintf("%+v %dx%d masked=%t rows=%d", o, queries, keys, masked, rows)
						t.Run(name, func(t *testing.T) { Op(t, o, Config{Rows: rows, Elements: 20}, inputs...) })
					}
				}
			}
		}
	}
	x := Input{Shape: []int{2, 5, 3}}
	Op(t, graph.Attention{Heads: 1, Scale: 0.5, Causal: true}, Config{}, x, x, x) // heads as an axis of their own
}

// An attention of a value with itself has three gradients to add up.
func TestSelfAttention(t *testing.T) {
	Check(t, func(g *graph.Graph, in []graph.Value) (graph.Value, error) {
		return g.Apply(graph.Attention{Heads: 2, Scale: 0.5}, in[0], in[0], in[0])
	}, Config{}, Input{Shape: []int{4, 6}})
}
