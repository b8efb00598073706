package codegen

import (
	"encoding/binary"
	"math/bits"

	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
	"github.com/terrarium-ml/terrarium/core/json"
)

// The entry "utf8" of models that take texts: data/text's Tokenizer, byte by byte. The
// text is cleaned into memory behind it and cut there; what Unicode's tables say of
// characters, and the vocabulary, lie in the module as numbers of variable length that
// the start function unpacks, and for lookup in hash tables that it fills.
type textCode struct {
	tokenizer *text.Tokenizer
	m         *wasmgen.Module
	functions map[string]*wasmgen.Func

	properties, lower []text.Run // empty where they are not asked
	words             []string   // those that are looked up by their bytes

	blob                                                    []byte // what lies in the module
	inProperties, inFrom, inShift, inLen, inWords, inMerges int    // where in blob

	// Addresses of what the start function makes.
	atProperties, atFrom, atShift, atWords, atSlots, atMerges, atPairs func() int

	to, count wasmgen.Global[wasmgen.I32] // where the row's tokens go, and how many there were
}

// segmentRoom is how many pieces a segment of byte pairs has at most.
const segmentRoom = 64

func (c *compiler) rawText() (*raw, error) {
	t, err := text.Read(c.source.Pipeline)
	if err != nil {
		return nil, err
	}
	x := &textCode{tokenizer: t, functions: map[string]*wasmgen.Func{}}
	x.pack()
	x.plan(c)
	c.blob, c.words = x.blob, len(x.blob)-x.inLen
	length := t.Length
	return &raw{
		name: "utf8",
		// The text; cleaned, where a byte becomes three at most; a row, or a segment's pieces.
		room: func(bytes wasmgen.I32) wasmgen.I32 {
			return wasmgen.I32Add(wasmgen.I32Mul(bytes, number(4)), number(4*max(length, segmentRoom)+3*alignment))
		},
		encode: x.encode,
	}, nil
}

// configOf is what the description says of the medium: of a tokenizer that the module
// holds, not its vocabulary again.
func (c *compiler) configOf() (json.RawMessage, error) {
	if c.raw == nil || c.raw.name != "utf8" {
		return c.source.Pipeline.Medium.Config, nil
	}
	t, err := text.Read(c.source.Pipeline)
	if err != nil {
		return nil, err
	}
	short := struct {
		Format   int           `json:"format"`
		Kind     text.Kind     `json:"kind"`
		Cleaning text.Cleaning `json:"cleaning"`
		Length   int           `json:"length"`
		Cut      text.Cut      `json:"cut"`
		Size     int           `json:"size"` // how many numbers there are
	}{t.Format, t.Kind, t.Cleaning, t.Length, t.Cut, t.Size()}
	return json.Writing{Classic: true}.Marshal(short)
}

// pack writes what lies in the module.
func (x *textCode) pack() {
	t, c := x.tokenizer, x.tokenizer.Cleaning
	classes := t.Kind == text.KindWords || t.Kind == text.KindBytePairs
	if classes || c.Spaces || c.Digits || t.Kind == text.KindNGrams {
		x.properties = text.Properties(classes, c.Digits)
	}
	if c.Lower {
		x.lower = text.LowerCase()
	}
	x.words = t.Words[:len(t.Words)-len(t.Merges)/2]
	b := &x.blob
	x.inProperties = len(*b)
	last := uint64(0)
	for _, r := range x.properties {
		entry := uint64(r.From)<<4 | uint64(r.Value)
		*b = binary.AppendUvarint(*b, entry-last)
		last = entry
	}
	x.inFrom, last = len(*b), 0
	for _, r := range x.lower {
		*b = binary.AppendUvarint(*b, uint64(r.From)-last)
		last = uint64(r.From)
	}
	x.inShift = len(*b)
	for _, r := range x.lower {
		shift := uint64(uint32(r.Value)<<1 ^ uint32(r.Value>>31)) // zigzag, which leaves 1 to what is special
		if r.Value == text.EverySecond {
			shift = everySecond
		}
		*b = binary.AppendUvarint(*b, shift)
	}
	x.inLen = len(*b)
	for _, w := range x.words {
		*b = binary.AppendUvarint(*b, uint64(len(w)))
	}
	x.inWords = len(*b)
	for _, w := range x.words {
		*b = append(*b, w...)
	}
	x.inMerges = len(*b)
	for _, place := range t.Merges {
		*b = binary.AppendUvarint(*b, uint64(place))
	}
}

// everySecond stands for text.EverySecond: no zigzag of a shift, as none is -2³⁰.
const everySecond = 1<<31 - 1

// slots is the size of a hash table for n entries: a power of two, at most half full.
func slots(n int) int { return 2 << bits.Len(uint(n)) }

// plan plans what the start function makes of it, in the order in which it is made.
func (x *textCode) plan(c *compiler) {
	unpack := func(numbers, in int, sum bool, more func(e *emitter, at int)) func() int {
		return c.derive(numbers, func(e *emitter, at int) {
			x.m = e.lib.Module
			if more != nil {
				more(e, at)
				return
			}
			e.Call(x.unpack(), number(c.memory.table+in), number(numbers), number(at), number(0), number(flag(sum)))
		})
	}
	if n := len(x.properties); n > 0 {
		x.atProperties = unpack(n, x.inProperties, true, nil)
	}
	if n := len(x.lower); n > 0 {
		x.atFrom = unpack(n, x.inFrom, true, nil)
		x.atShift = unpack(n, x.inShift, false, nil)
	}
	if n := len(x.words); n > 0 {
		x.atWords = unpack(n+1, 0, false, func(e *emitter, at int) { // where each begins, and the last one's end
			e.I32Store(number(at), 0, number(c.memory.table+x.inWords))
			e.Call(x.unpack(), number(c.memory.table+x.inLen), number(n), number(at+4), number(c.memory.table+x.inWords), number(1))
		})
		x.atSlots = unpack(slots(n), 0, false, func(e *emitter, at int) { e.Call(x.fillWords(), number(n)) })
	}
	if n := len(x.tokenizer.Merges); n > 0 {
		x.atMerges = unpack(n, x.inMerges, false, nil)
		x.atPairs = unpack(slots(n/2), 0, false, func(e *emitter, at int) { e.Call(x.fillPairs(), number(n/2)) })
	}
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// function returns the function of a name, which write writes when it is first asked for.
func (x *textCode) function(name string, write func(f *wasmgen.Func), results ...wasmgen.ValType) *wasmgen.Func {
	if f := x.functions[name]; f != nil {
		return f
	}
	f := x.m.Func(results...)
	x.functions[name] = f
	write(f)
	return f
}

// encode writes how a text becomes a row of tokens.
func (x *textCode) encode(m *wasmgen.Module, f *wasmgen.Func, at, room, bytes, row wasmgen.Local[wasmgen.I32]) {
	x.m = m
	length := number(x.tokenizer.Length)
	x.to, x.count = wasmgen.NewGlobal(x.m, true, number(0)), wasmgen.NewGlobal(x.m, true, number(0))
	x.to.Set(f, row.Get())
	x.count.Set(f, number(0))
	clean, end := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
	// A byte is left free before the cleaned text, and behind it.
	clean.Set(wasmgen.I32And(wasmgen.I32Add(wasmgen.I32Add(at.Get(), room.Get()), number(alignment)), number(-alignment)))
	end.Set(wasmgen.Result[wasmgen.I32](x.clean(), at.Get(), wasmgen.I32Add(at.Get(), bytes.Get()), clean.Get()))
	// Pieces of a segment, or a row that is turned, lie behind all of that.
	work := wasmgen.NewLocal[wasmgen.I32](f)
	work.Set(wasmgen.I32And(wasmgen.I32Add(end.Get(), number(alignment)), number(-alignment)))
	f.Call(x.tokens(), clean.Get(), end.Get(), work.Get())
	n := wasmgen.NewLocal[wasmgen.I32](f)
	n.Set(x.count.Get())
	f.If(wasmgen.I32Eqz(n.Get()), func() {
		f.F32Store(row.Get(), 0, wasmgen.F32Const(text.Unknown))
		n.Set(number(1))
	})
	f.IfElse(wasmgen.I32LtU(n.Get(), length), func() {
		f.MemoryFill(wasmgen.I32Add(row.Get(), wasmgen.I32Shl(n.Get(), number(2))), number(text.Padding), wasmgen.I32Shl(wasmgen.I32Sub(length, n.Get()), number(2)))
	}, func() {
		if x.tokenizer.Cut != text.CutStart {
			return
		}
		// The row is a ring: its oldest token goes to the front.
		n.Set(wasmgen.I32Shl(wasmgen.I32RemU(n.Get(), length), number(2)))
		rest := wasmgen.I32Sub(number(4*x.tokenizer.Length), n.Get())
		f.MemoryCopy(work.Get(), row.Get(), n.Get())
		f.MemoryCopy(row.Get(), wasmgen.I32Add(row.Get(), n.Get()), rest)
		f.MemoryCopy(wasmgen.I32Add(row.Get(), rest), work.Get(), n.Get())
	})
}
