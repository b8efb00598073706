package nn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// FuzzBuilder builds networks of any layers with any options, sequences and branches. None
// makes the builder panic or return an error of an unknown kind; one that is small runs,
// forward and backward; and none makes it allocate what its shapes would need.
func FuzzBuilder(f *testing.F) {
	for seed := range byte(60) {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		choices := make([]byte, 40+r.IntN(100))
		for i := range choices {
			choices[i] = byte(r.Uint32())
		}
		f.Add(choices)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		d := &drawn{choices: choices}
		d.inputs()
		for range 1 + d.below(8) {
			before := d.config
			d.layer()
			b, err := build(d.config)
			if err == nil {
				runSmall(t, b)
				continue
			}
			var known *tensor.Error
			require.ErrorAs(t, err, &known, "%+v", d.config)
			assert.NotEmpty(t, known.Message)
			d.config = before
		}
	})
}

func build(c NetworkConfig) (*Built, error) {
	n, err := ParseNetwork(c)
	if err != nil {
		return nil, err
	}
	b, err := n.Build()
	if err == nil {
		_, err = n.Config()
	}
	return b, err
}

// runSmall trains on a batch of two rows, unless that would take long.
func runSmall(t *testing.T, b *Built) {
	for _, shape := range b.Shapes {
		size, err := tensor.Size(shape)
		require.NoError(t, err)
		require.Positive(t, size)
	}
	if graph.StoreLen(b.Graph) > 1<<20 {
		return
	}
	store := graph.NewStore(b.Graph)
	plan := graph.Config{MaxBatch: 2, Outputs: b.Outputs, Losses: b.Outputs}
	if cost := graph.Estimate(b.Graph, store, plan); cost.Bytes > 16<<20 || cost.Flops > 1e8 {
		return
	}
	p, err := graph.NewPlan(b.Graph, store, plan, 16<<20)
	require.NoError(t, err)
	p.SetStreams(fuzzStreams{})
	for i, param := range store.Params {
		if param.Init != nil {
			param.Init(store.Of(i, store.Change()), param.Shape, rand.NewPCG(1, uint64(i)))
		}
	}
	for _, rows := range []int{2, 1} {
		for i, in := range b.Inputs {
			for k := range p.Value(in, rows) {
				p.Value(in, rows)[k] = float32(k%7+i) / 4
			}
		}
		require.NoError(t, p.Forward(rows, true))
		require.NoError(t, p.Backward())
	}
}

type fuzzStreams struct{}

func (fuzzStreams) Seed(pcg *rand.PCG, purpose, layer string) { pcg.Seed(1, uint64(len(purpose))) }

// drawn makes a network of a fuzzer's bytes: each is a choice, and none are zeros.
type drawn struct {
	choices []byte
	config  NetworkConfig
	count   int
}

func (d *drawn) below(n int) int {
	if len(d.choices) == 0 {
		return 0
	}
	c := int(d.choices[0])
	d.choices = d.choices[1:]
	return c % n
}

func pick[T any](d *drawn, list []T) T { return list[d.below(len(list))] }

// add adds a layer whose result is the network's.
func (d *drawn) add(class string, members []string, in ...LayerRef) {
	name := fmt.Sprint("l", d.count)
	d.count++
	layer := LayerConfig{ClassName: class, Name: name, Config: json.RawMessage("{" + strings.Join(append(members, fmt.Sprintf("%q:%q", "name", name)), ",") + "}")}
	if len(in) > 0 {
		layer.InboundNodes = [][]LayerRef{in}
	}
	d.config.Layers = append(slices.Clone(d.config.Layers), layer)
	d.config.OutputLayers = []LayerRef{{Layer: name}}
}

func (d *drawn) inputs() {
	shapes := []string{"[4,5,3]", "[6,3]", "[5]", "[2,2]", "[1,1,1]", "[28,28,1]", "[3,3]", "[536870912]", "[2,2,2,2]"}
	if d.below(8) == 1 {
		shapes = []string{"[]", "[0]", "[-1]", "[1048576,1048576]", "null", "[1.5]", `"three"`}
	}
	for range 1 + d.below(2) {
		d.add("InputLayer", []string{`"input_shape":` + pick(d, shapes)})
	}
}

// layer adds a layer of any class on the last result or an earlier one, and if it joins, on
// another one or two.
func (d *drawn) layer() {
	class := pick(d, sortedKeys(layerClasses))
	before := func(back int) LayerRef {
		return LayerRef{Layer: d.config.Layers[max(0, len(d.config.Layers)-1-back)].Name}
	}
	in := []LayerRef{before(d.below(2))}
	l, _ := ParseLayer(LayerConfig{ClassName: class, Config: json.RawMessage("{}")})
	if _, joins := l.(Joiner); joins || d.below(16) == 0 {
		for range 1 + d.below(2) {
			in = append(in, before(d.below(3)))
		}
	}
	d.add(class, d.options(class), in...)
}

// usual are options that layers need to be built at all.
var usual = map[string]string{
	"units": "3", "rate": "0.5", "filters": "2", "kernel_size": "3", "n": "3", "target_shape": "[-1]", "dims": "[2,1]",
	"stddev": "0.5", "axes": "-1", "output_dim": "3", "num_heads": "2", "key_dim": "3", "pool_size": "2",
}

// unusual are values that may be nonsense.
var unusual = []string{"1", "2", "3", `"same"`, `"valid"`, "true", "false", "[2,2]", "[1,2]", "null", `"relu"`, "0.5", "0", "-1", "7", "[3]", "[]",
	"65536", "16777216", "2147483648", "9007199254740993", "-9223372036854775808", "1e308", "-0.5", "[1,1,1]", "[[1,1],[0,2]]", "[-1,2]", "[0,0]",
	"[65536,65536]", `"bilinear"`, `""`, `"nonsense"`, "{}", `{"class_name":"L2","config":{"l2":-1}}`, `{"class_name":"HeNormal","config":{}}`, "[1.5]"}

// options draws members for a class: usual ones where it has them, and now and then others
// of its own with any values. It learns the names from the error for one that no class has.
func (d *drawn) options(class string) (members []string) {
	_, err := ParseLayer(LayerConfig{ClassName: class, Config: json.RawMessage(`{"none_has_this":1}`)})
	_, known, _ := strings.Cut(fmt.Sprint(err), "known are ")
	var others []string
	for _, name := range strings.Split(known, ", ") {
		value, ok := usual[name]
		if name == "input_dim" && class == "Embedding" { // to others it is a shape
			value, ok = "5", true
		}
		switch {
		case name == "name", name == "rate" && class == "GaussianNoise", name == "stddev" && class != "GaussianNoise":
		case ok && d.below(16) > 0:
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		default:
			others = append(others, name)
		}
	}
	for range max(0, d.below(6)-3) {
		if len(others) > 0 {
			k := d.below(len(others))
			members = append(members, fmt.Sprintf("%q:%s", others[k], pick(d, unusual)))
			others = slices.Delete(others, k, k+1)
		}
	}
	return members
}
