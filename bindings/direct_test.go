package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDirectPrediction(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	x, _, xy := xor()
	var p Tensor
	out := b.call(MethodModelPredict, PredictParams{Model: id, X: x}, &p, xy...)
	want := tensorOf(t, p, out)

	e := b.engine
	e.acquire()
	defer e.release()
	require.Equal(t, directClosed, e.directInput(id+1, 4))
	require.Equal(t, directClosed, e.directRun(id, 4)) // no memory yet
	require.Equal(t, directRows, e.directInput(id, 0))
	require.Equal(t, directRows, e.directInput(id, maxDirectRows+1))
	at := e.directInput(id, 4)
	require.Positive(t, at)
	require.Equal(t, at, e.directInput(id, 2), "the memory stays")
	xy[0].CopyTo(byteView(e.models[id].direct.in))
	require.Positive(t, e.directRun(id, 4))
	require.Equal(t, want.Data, e.models[id].direct.out[:4])
	require.Equal(t, directRows, e.directRun(id, 5))
	e.models[id].asking = true
	require.Equal(t, directBusy, e.directInput(id, 4))
	require.Equal(t, directBusy, e.directRun(id, 4))
	e.models[id].asking = false
	e.models[id].direct.in[1] = float32(float64NaN())
	require.Equal(t, directData, e.directRun(id, 4))
	e.models[id].direct.in[1] = 0
	require.Zero(t, testing.AllocsPerRun(100, func() {
		e.directInput(id, 4)
		e.directRun(id, 4)
	}))
}
