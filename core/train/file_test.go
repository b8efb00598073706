package train_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

func saved(t testing.TB, m *train.Model) []byte {
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

func TestSaveAndLoad(t *testing.T) {
	m := goldenModel(t)
	m.Notes = map[string]string{"source": "a formula"}
	x, y := goldenData()
	_, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1})
	require.NoError(t, err)
	file := saved(t, m)
	assert.Equal(t, file, saved(t, m), "equal models give equal bytes")

	back, err := train.Load(bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, m.Digest(), back.Digest())
	assert.Equal(t, m.Seed(), back.Seed())
	assert.Equal(t, m.Notes, back.Notes)
	assert.Equal(t, m.Summary(), back.Summary())
	assert.Equal(t, file, saved(t, back))
	want, err := m.Predict(ctx, x)
	require.NoError(t, err)
	got, err := back.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, want.Bits(), got.Bits())
	_, err = back.Fit(ctx, x, y, train.FitConfig{})
	assert.NoError(t, err, "a loaded model can be trained on")
}

func TestDamagedFiles(t *testing.T) {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(3, nn.ReLU), nn.Dense(1)), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: nn.MeanSquaredError{}, Optimizer: optim.Adam{}}))
	file := saved(t, m)
	for n := range file {
		_, err := train.Load(bytes.NewReader(file[:n]))
		require.Error(t, err, "cut after %d bytes", n)
		require.Equal(t, tensor.CodeFormat, code(err), "cut after %d bytes", n)
	}
	for i := range file {
		flipped := bytes.Clone(file)
		flipped[i] ^= 1 << (i % 8)
		back, err := train.Load(bytes.NewReader(flipped))
		if err == nil { // a flip in the padding or in a name of the checksum's key
			require.Equal(t, m.Digest(), back.Digest(), "byte %d", i)
			continue
		}
		require.Equal(t, tensor.CodeFormat, code(err), "byte %d: %v", i, err)
	}
}

func TestForeignFiles(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, &safetensors.File{Tensors: []safetensors.Named{{Name: "w", Tensor: tensor.New(2)}}}))
	_, err := train.Load(&b)
	assert.Equal(t, tensor.CodeFormat, code(err))
	assert.ErrorContains(t, err, "from another program")

	for name, text := range map[string]string{
		"later reader":  `{"format":9,"min_reader":9}`,
		"huge layer":    `{"format":1,"min_reader":1,"layers":[{"class_name":"InputLayer","config":{"input_shape":[100000]}},{"class_name":"Dense","config":{"units":100000}}]}`,
		"unknown layer": `{"format":1,"min_reader":1,"layers":[{"class_name":"Warp"}]}`,
		"no layers":     `{"format":1,"min_reader":1}`,
		"not JSON":      `{`,
		"wrong type":    `{"format":1,"min_reader":1,"layers":7}`,
		"bad pipeline":  `{"format":1,"min_reader":1,"preprocessing":{"format":1,"inputs":[{"name":"a","kind":"number"}]},"layers":[{"class_name":"InputLayer","config":{"input_shape":[3]}}]}`,
	} {
		var b bytes.Buffer
		require.NoError(t, safetensors.Write(&b, &safetensors.File{Metadata: map[string]string{"terrarium": text}}))
		_, err := train.Load(&b)
		require.Error(t, err, name)
		assert.Equal(t, tensor.CodeFormat, code(err), "%s: %v", name, err)
	}
}

func FuzzLoad(f *testing.F) {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(2)), train.Seed(1))
	require.NoError(f, err)
	f.Add(saved(f, m))
	require.NoError(f, m.Compile(train.Config{Loss: nn.MeanSquaredError{}}))
	var checkpoint bytes.Buffer
	require.NoError(f, m.SaveCheckpoint(&checkpoint))
	f.Add(checkpoint.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := train.Load(bytes.NewReader(file), train.MemoryLimit(64<<20))
		if err != nil {
			return
		}
		_, err = m.Predict(ctx, tensor.New(append([]int{1}, m.InputShape()...)...))
		require.NoError(t, err)
	})
}
