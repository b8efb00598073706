package kernel

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What run of the kernel module reads: the number of the export and its arguments. The
// module itself is tested in wasmgen, and both together in a browser.
func TestProgramRecords(t *testing.T) {
	ws := newWorkspace(true)
	a, b, bias, c := make([]float32, 6), make([]float32, 12), make([]float32, 4), make([]float32, 8)
	p := NewProgram(3)
	p.Product(ws, false, true, 2, 4, 3, a, 3, b, 3, bias, c, 4)
	require.True(t, p.Activate(Relu, c, c))
	require.False(t, p.Activate(Mish, c, c))
	p.CCELogits(2, 4, a, c, b)
	require.Equal(t, []command{
		{commandGemm, moduleTransB, 2, 4, 3, addressOf(a), 3, addressOf(b), 3, addressOf(bias), addressOf(c), 4, addressOf(ws.space)},
		{commandRelu, 8, addressOf(c), addressOf(c)},
		{commandCCELogits, 2, 4, addressOf(a), addressOf(c), addressOf(b)},
	}, p.commands)
	p.Cut(1)
	require.Equal(t, 1, p.Len())
	require.Panics(t, func() { p.Product(ws, false, false, 3, 4, 3, a, 3, b, 4, bias, c, 4) }, "A is too short")
	require.Zero(t, testing.AllocsPerRun(10, func() {
		p.Cut(0)
		p.ColSums(2, 4, c, bias)
		p.SparseCCELogitsGrad(2, 4, c, c, bias, a)
		p.BCELogitsGrad(bias, bias, bias, bias)
	}))
}

func TestCommandsHaveNames(t *testing.T) { require.Len(t, Commands, commandRowPanels+1) }

func TestGatherRows(t *testing.T) {
	src, dst := []float32{0, 1, 10, 11, 20, 21}, make([]float32, 4)
	GatherRows(2, dst, src, []int{2, 0})
	require.Equal(t, []float32{20, 21, 0, 1}, dst)
	require.Panics(t, func() { GatherRows(2, dst, src, []int{3, 0}) })
	require.Panics(t, func() { GatherRows(2, dst, src, []int{-1, 0}) })
	require.Panics(t, func() { GatherRows(2, dst[:3:3], src, []int{1, 0}) })
}
