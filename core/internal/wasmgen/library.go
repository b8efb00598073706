package wasmgen

// A Library writes the functions that a compiled model calls into a module, each at its
// first use. They have the bits of package kernel.
//
// Counts and addresses are i32. Nothing is checked: the caller vouches for every
// length. Where a function says so it handles whole vectors, so that up to Slack numbers
// behind an array are read, or written with anything.
type Library struct {
	Module  *Module
	Scalar  bool  // without SIMD
	Scratch int32 // address of ScratchSize bytes that the functions work in

	functions map[string]*Func
}

// ScratchSize is the number of bytes that a Library's functions work in, and Slack how
// many numbers behind an array they may touch.
const (
	ScratchSize = 32 * float
	Slack       = 32
)

// function returns the function of a name; write begins and writes it.
func (b *Library) function(name string, write func() *Func) *Func {
	f := b.functions[name]
	if f == nil {
		if b.functions == nil {
			b.functions = map[string]*Func{}
		}
		f = write()
		b.functions[name] = f
	}
	return f
}

func (b *Library) lanes(f *Func) Lanes { return Lanes{F: f, Scalar: b.Scalar} }

// Map returns the function name(n, y, x): y = body(x) for n numbers, whole vectors at a
// time. y may be x. Two bodies have two names.
func (b *Library) Map(name string, body func(l Lanes, x Num) Num) *Func {
	return b.each(name, 1, func(l Lanes, x []Num) Num { return body(l, x[0]) })
}

// Zip returns the function name(n, y, x, z): y = body(x, z), as Map.
func (b *Library) Zip(name string, body func(l Lanes, x, z Num) Num) *Func {
	return b.each(name, 2, func(l Lanes, x []Num) Num { return body(l, x[0], x[1]) })
}

// each writes a loop over arrays of n numbers, the first of which is written.
func (b *Library) each(name string, inputs int, body func(l Lanes, x []Num) Num) *Func {
	return b.function(name, func() *Func {
		f := b.Module.Func()
		l := b.lanes(f)
		n, y := Param[I32](f), Param[I32](f)
		at := make([]Local[I32], inputs)
		for i := range at {
			at[i] = Param[I32](f)
		}
		f.While(I32GtS(n.Get(), I32Const(0)), func() {
			x := make([]Num, inputs)
			for i := range x {
				x[i] = l.Keep(l.Load(at[i].Get(), 0))
			}
			l.Store(y.Get(), 0, body(l, x))
			for _, a := range append(at, y) {
				move(a, l.Count()*float)
			}
			move(n, -l.Count())
		})
		return f
	})
}

// put returns the function put(at, v, n): the first n numbers of a vector are stored,
// all four if n is more, none if it is less.
func (b *Library) put() *Func {
	return b.function("put", func() *Func {
		f := b.Module.Func()
		at, v, n := Param[I32](f), Param[V128](f), Param[I32](f)
		f.If(I32GeS(n.Get(), I32Const(4)), func() {
			f.V128Store(at.Get(), 0, v.Get())
			f.Return()
		})
		for lane := range 3 {
			f.If(I32GtS(n.Get(), I32Const(int32(lane))), func() {
				f.F32Store(at.Get(), uint32(lane*float), F32x4ExtractLane(v.Get(), lane))
			})
		}
		return f
	})
}

// Move returns the function move(rows, bytes, dst, dstRow, src, srcRow): it copies rows
// of some bytes that lie dstRow and srcRow bytes apart.
func (b *Library) Move() *Func {
	return b.function("move", func() *Func {
		f := b.Module.Func()
		rows, bytes := Param[I32](f), Param[I32](f)
		dst, dstRow, src, srcRow := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		f.While(rows.Get(), func() {
			f.MemoryCopy(dst.Get(), src.Get(), bytes.Get())
			dst.Set(I32Add(dst.Get(), dstRow.Get()))
			src.Set(I32Add(src.Get(), srcRow.Get()))
			move(rows, -1)
		})
		return f
	})
}
