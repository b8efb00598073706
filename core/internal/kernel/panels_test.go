package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRowPanels(t *testing.T) {
	eachWorkspace(t, func(t *testing.T, ws *Workspace) {
		r := rand.New(rand.NewPCG(41, 42))
		for _, fill := range fills[:4] {
			for _, n := range []int{1, 31, 32, 33, 64, 100} {
				for _, k := range []int{0, 1, 7, 255, 256, 257, 600} {
					p := newProduct(r, forms[0], 1, n, k, k%2 == 0, false, fill.next)
					b := make([]float32, k*n)
					for row := range k {
						copy(b[row*n:], p.b[row*p.ldb:row*p.ldb+n])
					}
					inside := ColumnsInPanels(n)
					panels, intact := guarded(r, k*inside, fill.next)
					Panels(panels, b, k, n)
					want := clone(p.c)
					GemmScalar(false, false, 1, n, k, p.a, p.lda, p.b, p.ldb, p.bias, want, p.ldc, false)
					RowPanels(ws, n, k, p.a, panels, b, p.bias, p.c)
					requireSameBits(t, want, p.c, "n=%d k=%d %s", n, k, fill.name)
					require.True(t, intact() && p.intact[len(p.intact)-1](), "wrote outside")
				}
			}
		}
	})
}

func TestRowPanelsIsRecorded(t *testing.T) {
	ws := newWorkspace(true)
	a, panels, b, bias, c := make([]float32, 3), make([]float32, 3*32), make([]float32, 3*40), make([]float32, 40), make([]float32, 40)
	p := NewProgram(2)
	p.RowPanels(ws, 40, 3, a, panels, b, bias, c)
	require.Equal(t, []command{
		{commandRowPanels, 32, 3, addressOf(a), addressOf(panels), addressOf(bias), addressOf(c)},
		{commandGemm, 0, 1, 8, 3, addressOf(a), 3, addressOf(b[32:]), 40, addressOf(bias[32:]), addressOf(c[32:]), 40, addressOf(ws.space)},
	}, p.commands)
	require.Panics(t, func() { p.RowPanels(ws, 40, 4, a, panels, b, bias, c) }, "A is too short")
	require.Panics(t, func() { p.RowPanels(ws, 64, 3, a, panels, b, bias, c) }, "B is too short")
}
