package graph

// A Store holds the values of a graph's parameters in one array: the trainable
// ones first, so that an optimizer can walk over them in one go. Plans of the same
// graph share it.
type Store struct {
	Params []Stored // in the order in which the graph lists them

	values    []float32
	trainable int // values[:trainable] belong to trainable parameters
	changes   int // how often somebody wanted to write values
}

// Stored is a parameter's place in a Store.
type Stored struct {
	*Param
	Offset, Size int
}

// align is the number of float32 in a cache line. Every parameter begins on one;
// the gaps stay zero.
const align = 16

func aligned(n int) int { return (n + align - 1) &^ (align - 1) }

// StoreLen returns the length of a Store's array, for an estimate of memory.
func StoreLen(g *Graph) int {
	n := 0
	for _, p := range g.Params() {
		n += aligned(size(p.Shape))
	}
	return n
}

// NewStore lays the parameters out. All values are zero.
func NewStore(g *Graph) *Store {
	params := g.Params()
	s := &Store{Params: make([]Stored, len(params))}
	offset := 0
	for _, trainable := range []bool{true, false} {
		for i, p := range params {
			if p.Trainable == trainable {
				s.Params[i] = Stored{p, offset, size(p.Shape)}
				offset += aligned(size(p.Shape))
			}
		}
		if trainable {
			s.trainable = offset
		}
	}
	s.values = make([]float32, offset)
	return s
}

// Values returns all values, to be read.
func (s *Store) Values() []float32 { return s.values }

// Change returns all values, to be written now: a plan that has arranged some of them in
// another order must hear of it, so who writes again later asks again.
func (s *Store) Change() []float32 {
	s.changes++
	return s.values
}

// Trainable returns the length of the part of Values that is trained.
func (s *Store) Trainable() int { return s.trainable }

// Of returns parameter i's part of an array that is laid out as Values.
func (s *Store) Of(i int, array []float32) []float32 {
	p := s.Params[i]
	return array[p.Offset : p.Offset+p.Size : p.Offset+p.Size]
}
