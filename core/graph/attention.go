package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Attention is the scaled dot-product attention of several heads (Vaswani et al., 2017):
//
//	w = softmax(Scale·q·kᵀ)    y = w·v    for each head
//
//	q [.., queries, heads·d]  k [.., keys, heads·d]  v [.., keys, heads·e]  mask [keys], optional
//	→  y [.., queries, heads·e]
//
// Head h has the columns h·d to h·d+d of q and k, and h·e to h·e+e of v and y. Axes in
// front of the queries count as samples. A key whose mask is 0 is seen by nobody, and
// with Causal query i sees the keys up to i only; a query that sees no key has y = 0.
// While training, each weight is dropped with probability Dropout, from the stream
// ("attention dropout", layer, epoch, step).
//
// Sums follow C1's rule of products. Keys that a query does not see add nothing to them.
//
// Backward, with dw = dy·vᵀ:
//
//	ds = Scale·w·(dw − Σ dw·w)    dq = ds·k    dk = dsᵀ·q    dv = wᵀ·dy
type Attention struct {
	Heads   int
	Scale   float32
	Causal  bool
	Dropout float32
}

var (
	_ Op             = Attention{}
	_ BackwardReader = Attention{}
	_ Memoriser      = Attention{}
	_ Scratcher      = Attention{}
	_ Coster         = Attention{}
)

func (o Attention) Infer(in [][]int) ([]int, *tensor.Error) {
	q, k, v := in[0], in[1], in[2]
	must(o.Heads > 0, "Attention wants a head at least")
	r := len(q)
	if r < 2 || len(k) != r || len(v) != r || q[r-1] != k[r-1] || k[r-2] != v[r-2] ||
		!tensor.SameShape(q[:r-2], k[:r-2]) || !tensor.SameShape(q[:r-2], v[:r-2]) {
		return nil, tensor.Errorf(tensor.CodeShape, "want queries [batch, …, queries, d], keys [batch, …, keys, d] and values [batch, …, keys, e], got %s, %s and %s",
			tensor.FormatBatch(q), tensor.FormatBatch(k), tensor.FormatBatch(v))
	}
	must(q[r-1]%o.Heads == 0 && v[r-1]%o.Heads == 0, "Attention wants the same number of columns for each head")
	if len(in) == 4 && (len(in[3]) != 1 || in[3][0] != k[r-2]) {
		return nil, tensor.Errorf(tensor.CodeShape, "want a mask [batch, %d] for the keys, got %s", k[r-2], tensor.FormatBatch(in[3]))
	}
	// As floating-point numbers, which do not overflow.
	if float64(o.Heads)*float64(size(q[:r-1]))*float64(k[r-2]) > maxWeights {
		return nil, tensor.Errorf(tensor.CodeMemory, "%d heads of %d queries and %d keys have more than %d weights a sample; shorten the sequences", o.Heads, q[r-2], k[r-2], int(maxWeights))
	}
	y := append([]int{}, q...)
	y[r-1] = v[r-1]
	return y, nil
}

// maxWeights bounds the weights of one sample: as many float32 fill 4 GB.
const maxWeights = 1 << 30

// BackwardReads: queries, keys and values; the weights are in Aux.
func (Attention) BackwardReads() (in, out bool) { return true, false }

// sizes are those of one sample.
type attentionSizes struct {
	blocks        int // attentions of all heads: the axes in front
	queries, keys int
	qCols, vCols  int // of all heads
	d, e          int // of one head
}

func (o Attention) sizes(in [][]int) attentionSizes {
	q, v := in[0], in[2]
	r := len(q)
	return attentionSizes{blocks: size(q[:r-2]), queries: q[r-2], keys: v[r-2],
		qCols: q[r-1], vCols: v[r-1], d: q[r-1] / o.Heads, e: v[r-1] / o.Heads}
}

// weights returns the number of weights of a sample.
func (o Attention) weights(s attentionSizes) int { return s.blocks * o.Heads * s.queries * s.keys }

// AuxPerRow: the weights [axes in front, heads, queries, keys] of every row, and then
// what dropout multiplies them by.
func (o Attention) AuxPerRow(in [][]int, _ []int) int {
	n := o.weights(o.sizes(in))
	if o.Dropout > 0 {
		return 2 * n
	}
	return n
}

// ScratchSize: one head's weights behind dropout, and the gradient of weights.
func (o Attention) ScratchSize(in [][]int, _ []int) int {
	s := o.sizes(in)
	return 2 * s.queries * s.keys
}

func (o Attention) Cost(in [][]int, _ []int) int {
	s := o.sizes(in)
	return o.weights(s) * (2*s.d + 2*s.e + 12)
}

// A head is one head's part of the memory.
type head struct {
	q, k, v, mask []float32 // from its first column on; mask nil if there is none
	w, kept       []float32 // weights, and dropout's factors; nil if nothing is dropped
}

// head returns the parts of head h of attention b, counted over all samples.
func (o Attention) head(c *Call, s attentionSizes, b, h int) head {
	n := s.queries * s.keys
	at := (b*o.Heads + h) * n
	p := head{
		q: c.In[0][b*s.queries*s.qCols+h*s.d:],
		k: c.In[1][b*s.keys*s.qCols+h*s.d:],
		v: c.In[2][b*s.keys*s.vCols+h*s.e:],
		w: c.Aux[at : at+n],
	}
	if len(c.In) == 4 {
		row := b / s.blocks * s.keys
		p.mask = c.In[3][row : row+s.keys]
	}
	if o.drops(c) {
		at += c.N * o.weights(s)
		p.kept = c.Aux[at : at+n]
	}
	return p
}

func (o Attention) drops(c *Call) bool { return c.Training && o.Dropout > 0 }

// causalRows is how many queries are computed together where each sees keys up to its
// own place only: none of them sees a key behind the last one's.
const causalRows = 32

// step returns how many queries from i on are computed together, and how many keys the
// last of them sees.
func (o Attention) step(s attentionSizes, i int) (rows, keys int) {
	rows = s.queries - i
	if o.Causal {
		rows = min(rows, causalRows)
	}
	return rows, kernel.Visible(s.keys, i+rows-1, o.Causal)
}

func (o Attention) Forward(c *Call) {
	s := o.sizes(c.InShape)
	if o.drops(c) {
		kernel.DropoutMask(c.Aux[c.N*o.weights(s):], c.Rand("attention dropout"), o.Dropout)
	}
	cost := o.Cost(c.InShape, c.OutShape)
	for b := range c.N * s.blocks {
		for h := range o.Heads {
			o.forwardHead(c, s, o.head(c, s, b, h), c.Out[b*s.queries*s.vCols+h*s.e:])
		}
		if (b+1)%s.blocks == 0 && b+1 < c.N*s.blocks && c.Pause(cost) {
			return
		}
	}
}

func (o Attention) forwardHead(c *Call, s attentionSizes, p head, y []float32) {
	ws := c.scratch()
	for i := 0; i < s.queries; {
		rows, keys := o.step(s, i)
		w := p.w[i*s.keys : (i+rows)*s.keys]
		kernel.GemmNT(ws, rows, keys, s.d, p.q[i*s.qCols:], s.qCols, p.k, s.qCols, nil, w, s.keys, false)
		kernel.AttentionWeights(rows, keys, i, w, s.keys, o.Scale, p.mask, o.Causal)
		hideKeys(w, rows, keys, s.keys)
		if p.kept != nil {
			kernel.Mul(c.Scratch[:len(w)], w, p.kept[i*s.keys:])
			w = c.Scratch[:len(w)]
		}
		kernel.GemmNN(ws, rows, s.e, keys, w, s.keys, p.v, s.vCols, nil, y[i*s.vCols:], s.vCols, false)
		i += rows
	}
}

// hideKeys makes what rows of n values hold behind the first keys zero.
func hideKeys(w []float32, rows, keys, n int) {
	for i := 0; keys < n && i < rows; i++ {
		kernel.Fill(w[i*n+keys:(i+1)*n], 0)
	}
}

func (o Attention) Backward(c *Call) {
	s := o.sizes(c.InShape)
	if len(c.DIn) == 4 && c.DIn[3] != nil {
		kernel.Fill(c.DIn[3], 0)
	}
	cost := 2 * o.Cost(c.InShape, c.OutShape)
	for b := range c.N * s.blocks {
		for h := range o.Heads {
			var d head // of gradients
			if dq := c.DIn[0]; dq != nil {
				d.q = dq[b*s.queries*s.qCols+h*s.d:]
			}
			if dk := c.DIn[1]; dk != nil {
				d.k = dk[b*s.keys*s.qCols+h*s.d:]
			}
			if dv := c.DIn[2]; dv != nil {
				d.v = dv[b*s.keys*s.vCols+h*s.e:]
			}
			o.backwardHead(c, s, o.head(c, s, b, h), d, c.DOut[b*s.queries*s.vCols+h*s.e:])
		}
		if (b+1)%s.blocks == 0 && b+1 < c.N*s.blocks && c.Pause(cost) {
			return
		}
	}
}

func (o Attention) backwardHead(c *Call, s attentionSizes, p, d head, dy []float32) {
	ws, n := c.scratch(), s.queries*s.keys
	if d.v != nil {
		w := p.w
		if p.kept != nil {
			w = c.Scratch[n : 2*n]
			kernel.Mul(w, p.w, p.kept)
		}
		o.overQueries(c, s, s.e, w, dy, s.vCols, d.v)
	}
	if d.q == nil && d.k == nil {
		return
	}
	ds := c.Scratch[:n]
	for i := 0; i < s.queries; {
		rows, keys := o.step(s, i)
		part := ds[i*s.keys : (i+rows)*s.keys]
		kernel.GemmNT(ws, rows, keys, s.e, dy[i*s.vCols:], s.vCols, p.v, s.vCols, nil, part, s.keys, false)
		if p.kept != nil {
			kernel.Mul(part, part, p.kept[i*s.keys:])
		}
		kernel.AttentionWeightsGrad(rows, keys, i, part, s.keys, p.w[i*s.keys:], s.keys, o.Scale, o.Causal)
		hideKeys(part, rows, keys, s.keys)
		if d.q != nil {
			kernel.GemmNN(ws, rows, s.d, keys, part, s.keys, p.k, s.qCols, nil, d.q[i*s.qCols:], s.qCols, false)
		}
		i += rows
	}
	if d.k != nil {
		o.overQueries(c, s, s.d, ds, p.q, s.qCols, d.k)
	}
}

// overQueries computes y = wᵀ·x for w [queries, keys], x [queries, n] and y [keys, n],
// the rows of the last two cols apart.
func (o Attention) overQueries(c *Call, s attentionSizes, n int, w, x []float32, cols int, y []float32) {
	for j := 0; j < s.keys; {
		rows, from := s.keys, 0
		if o.Causal {
			rows, from = min(s.keys-j, causalRows), s.sees(j)
		}
		kernel.GemmTN(c.scratch(), rows, n, s.queries-from, w[from*s.keys+j:], s.keys, x[from*cols:], cols, nil, y[j*cols:], cols, false)
		j += rows
	}
}

// sees returns a query before which none sees key j or one behind it. Leaving those out
// leaves out zeros at the beginning of a sum, and whole blocks of them where there are
// several: no bit depends on it.
func (s attentionSizes) sees(j int) int {
	if s.queries > kernel.SumBlock {
		j -= j % kernel.SumBlock
	}
	return min(j, s.queries-1)
}
