package train

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A head is one output of the network with what judges it.
type head struct {
	name    string // of the output
	lossOf  nn.Loss
	weight  float32 // of its loss in the sum; 0: it is watched, and not trained
	output  graph.Value
	target  graph.Value
	loss    graph.Value
	mask    graph.Value
	masked  bool
	metrics []metric.Metric // of the epoch
	batch   []metric.Metric // the same, for single batches
	judge   []metric.Metric // the same, for evaluation between steps

	prediction []int // shapes of a row
	shape      []int // of a row of targets
	targetCols int
	cols       int // values along the last axis of a prediction
	places     int // losses of a row

	weights []float32 // what each row of the batch counts
	counts  []float32 // what each loss counts in the mean of the batch
	seen    []float32 // the mask at each place; nil without one
	mean    float64   // of the batch's losses
	sum     float64   // of rows · mean in the epoch
}

func newHead(b *nn.Built, i int, name string, c Config) (*head, error) {
	h := &head{name: name, lossOf: c.lossOf(i), weight: c.weightOf(i), output: b.Outputs[i], mask: b.Masks[i], masked: b.Masked[i], places: 1}
	h.prediction = b.Graph.Shape(h.output)
	h.shape = h.lossOf.TargetShape(h.prediction)
	h.targetCols = graph.Size(h.shape)
	b.Graph.In("loss " + h.lossOf.Name())
	input := "y"
	if i > 0 {
		input = fmt.Sprintf("y%d", i)
	}
	var err error
	if h.target, err = b.Graph.Input(input, h.shape); err != nil {
		return nil, err
	}
	if h.loss, err = h.lossOf.Lower(b.Graph, h.output, h.target); err != nil {
		return nil, err
	}
	h.cols = h.prediction[len(h.prediction)-1]
	h.places = graph.Size(h.prediction[:len(h.prediction)-1])
	for _, list := range []*[]metric.Metric{&h.metrics, &h.batch, &h.judge} {
		for _, name := range c.metricsOf(i) {
			m, err := metric.New(name, h.lossOf.Name(), h.cols)
			if err != nil {
				return nil, err
			}
			*list = append(*list, m)
		}
	}
	return h, nil
}

func (h *head) shapeError(got []int) *tensor.Error {
	return tensor.Errorf(tensor.CodeShape, "%s wants targets %s for predictions %s, got %s",
		h.lossOf.Name(), tensor.FormatBatch(h.shape), tensor.FormatBatch(h.prediction), tensor.FormatBatch(got))
}

// room takes memory for batches of up to so many rows.
func (h *head) room(rows int) {
	h.weights, h.counts = make([]float32, rows), make([]float32, rows*h.places)
	if h.masked {
		h.seen = make([]float32, rows*h.places)
	}
}

// roomBytes is what room takes.
func (h *head) roomBytes(rows int) int {
	bytes := 4 * rows * (1 + h.places)
	if h.masked {
		bytes += 4 * rows * h.places
	}
	return bytes
}

// measure takes the mean of a batch's losses after Forward. Each of n rows counts its
// weight, and each of its places as much as the mask says there: 1 or 0. The division
// is by the number of all places of the batch, also of those that count nothing, as
// TensorFlow.js does.
func (h *head) measure(p *graph.Plan, n int) {
	each, counts := 1/float32(n*h.places), h.counts[:n*h.places]
	if h.places == 1 {
		kernel.Scale(counts, h.weights[:n], each)
	} else {
		for i, w := range h.weights[:n] {
			kernel.Fill(counts[i*h.places:(i+1)*h.places], each*w)
		}
	}
	if h.masked {
		mask := p.Value(h.mask, n)
		per := len(counts) / len(mask)
		for i, v := range mask {
			kernel.Fill(h.seen[i*per:(i+1)*per], v)
		}
		kernel.Mul(counts, counts, h.seen[:len(counts)])
	}
	h.mean = float64(kernel.Dot(counts, p.Value(h.loss, n)))
}

// begin writes where Backward begins: what each loss counts in the sum of an update
// over the given number of rows, of which n are in this batch.
func (h *head) begin(p *graph.Plan, n, rows int) {
	if h.weight == 0 {
		return
	}
	if g := p.LossGrad(h.loss, n); g != nil {
		kernel.Scale(g, h.counts[:len(g)], h.weight*(float32(n)/float32(rows)))
	}
}

// update shows a batch to metrics. A place that the mask hides counts nothing.
func (h *head) update(p *graph.Plan, n int, lists ...[]metric.Metric) {
	if len(h.metrics) == 0 {
		return
	}
	y, out := p.Value(h.target, n), p.Value(h.output, n)
	var seen []float32
	if h.masked {
		seen = h.seen[:n*h.places]
	}
	for _, list := range lists {
		for _, m := range list {
			m.Update(y, out, n*h.places, h.cols, seen)
		}
	}
}

func reset(metrics []metric.Metric) {
	for _, m := range metrics {
		m.Reset()
	}
}

// uniqueNames are the names of outputs: those of their layers, a second output of a
// layer with a number behind.
func uniqueNames(layers []string) []string {
	var names []string
	for _, layer := range layers {
		name := layer
		for k := 1; slices.Contains(names, name); k++ {
			name = fmt.Sprintf("%s_%d", layer, k)
		}
		names = append(names, name)
	}
	return names
}

func listed(names []string) string { return strings.Join(names, ", ") }
