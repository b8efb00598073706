package codegen

import (
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// Tokens: what Tokenizer's each does with a cleaned text. A function that visits tokens
// returns 1 once no more are wanted.

// hash is (begin, end) -> FNV-1a of the bytes.
func (x *textCode) hash() *wasmgen.Func {
	return x.function("hash", func(f *wasmgen.Func) {
		at, end := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		h := wasmgen.NewLocal[wasmgen.I32](f)
		h.Set(wasmgen.I32Const(-2128831035)) // 2166136261
		f.While(wasmgen.I32LtU(at.Get(), end.Get()), func() {
			h.Set(wasmgen.I32Mul(wasmgen.I32Xor(h.Get(), wasmgen.I32Load8U(at.Get(), 0)), number(16777619)))
			at.Set(plus(at, 1))
		})
		f.Return(h.Get())
	}, wasmgen.TypeI32)
}

// probe writes a search in a table of slots that hold places plus 1: slot becomes the
// place of what found is true for, plus 1, or found's function returns; 0 at a free slot,
// whose address at is then. It begins with slot, a hash.
func (x *textCode) probe(f *wasmgen.Func, slot, at wasmgen.Local[wasmgen.I32], table, size int, check func(leave wasmgen.Label)) {
	at.Set(wasmgen.I32And(slot.Get(), number(size-1)))
	f.Block(func(leave wasmgen.Label) {
		f.Loop(func(again wasmgen.Label) {
			slot.Set(wasmgen.I32Load(wasmgen.I32Shl(at.Get(), number(2)), uint32(table)))
			f.BrIf(leave, wasmgen.I32Eqz(slot.Get()))
			check(leave)
			at.Set(wasmgen.I32And(plus(at, 1), number(size-1)))
			f.Br(again)
		})
	})
}

// fillWords is (count): it fills the table of words.
func (x *textCode) fillWords() *wasmgen.Func {
	return x.function("fillWords", func(f *wasmgen.Func) {
		count := wasmgen.Param[wasmgen.I32](f)
		i, slot, at := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		f.While(wasmgen.I32LtU(i.Get(), count.Get()), func() {
			word := wasmgen.I32Shl(i.Get(), number(2))
			slot.Set(wasmgen.Result[wasmgen.I32](x.hash(), wasmgen.I32Load(word, uint32(x.atWords())), wasmgen.I32Load(word, uint32(x.atWords()+4))))
			x.probe(f, slot, at, x.atSlots(), slots(len(x.words)), func(wasmgen.Label) {})
			i.Set(plus(i, 1))
			f.I32Store(wasmgen.I32Shl(at.Get(), number(2)), uint32(x.atSlots()), i.Get())
		})
	})
}

// lookup is (begin, end) -> the number of a token.
func (x *textCode) lookup() *wasmgen.Func {
	return x.function("lookup", func(f *wasmgen.Func) {
		begin, end := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		slot, at, word, i := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		switch {
		case x.tokenizer.Buckets > 0:
			slot.Set(wasmgen.I32RemU(wasmgen.Result[wasmgen.I32](x.hash(), begin.Get(), end.Get()), number(x.tokenizer.Buckets)))
			f.Return(plus(slot, text.Unknown+1))
		case len(x.words) == 0:
			f.Return(number(text.Unknown))
		default:
			slot.Set(wasmgen.Result[wasmgen.I32](x.hash(), begin.Get(), end.Get()))
			x.probe(f, slot, at, x.atSlots(), slots(len(x.words)), func(leave wasmgen.Label) {
				entry := wasmgen.I32Shl(plus(slot, -1), number(2))
				word.Set(wasmgen.I32Load(entry, uint32(x.atWords())))
				length := wasmgen.I32Sub(wasmgen.I32Load(entry, uint32(x.atWords()+4)), word.Get())
				f.If(wasmgen.I32Eq(length, wasmgen.I32Sub(end.Get(), begin.Get())), func() {
					i.Set(begin.Get())
					f.Block(func(other wasmgen.Label) {
						f.Loop(func(again wasmgen.Label) {
							f.BrIf(other, wasmgen.I32Ne(wasmgen.I32Load8U(i.Get(), 0), wasmgen.I32Load8U(word.Get(), 0)))
							word.Set(plus(word, 1))
							f.BrIf(again, wasmgen.I32LtU(i.Tee(plus(i, 1)), end.Get()))
						})
						f.Br(leave)
					})
				})
			})
			f.Return(plus(slot, text.Unknown)) // slot is the place plus 1, or 0
		}
	}, wasmgen.TypeI32)
}

// push is (number) -> whether no more are wanted: it appends a token to the row, which
// is a ring.
func (x *textCode) push() *wasmgen.Func {
	return x.function("push", func(f *wasmgen.Func) {
		id := wasmgen.Param[wasmgen.I32](f)
		length := number(x.tokenizer.Length)
		place := wasmgen.I32Shl(wasmgen.I32RemU(x.count.Get(), length), number(2))
		f.F32Store(wasmgen.I32Add(x.to.Get(), place), 0, wasmgen.F32ConvertI32U(id.Get()))
		x.count.Set(f, wasmgen.I32Add(x.count.Get(), number(1)))
		if x.tokenizer.Cut == text.CutStart {
			f.Return(number(0))
		} else {
			f.Return(wasmgen.I32GeU(x.count.Get(), length))
		}
	}, wasmgen.TypeI32)
}

// visit writes that the token from begin to end is visited, and that f returns 1 if no
// more are wanted.
func (x *textCode) visit(f *wasmgen.Func, begin, end wasmgen.I32) {
	id := wasmgen.Result[wasmgen.I32](x.lookup(), begin, end)
	f.If(wasmgen.Result[wasmgen.I32](x.push(), id), func() { f.Return(number(1)) })
}

// A cut is a function that walks over the characters of a text while it is written.
type cut struct {
	*wasmgen.Func
	x                                    *textCode
	from, end, work                      wasmgen.Local[wasmgen.I32] // work: free memory behind the text
	begin, before, class, character, any wasmgen.Local[wasmgen.I32]
}

// tokens is (from, end, work) -> whatever: it pushes the tokens of a cleaned text.
func (x *textCode) tokens() *wasmgen.Func {
	return x.function("tokens", func(f *wasmgen.Func) {
		c := cut{Func: f, x: x}
		c.from, c.end, c.work = wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		for _, l := range []*wasmgen.Local[wasmgen.I32]{&c.begin, &c.before, &c.class, &c.character, &c.any} {
			*l = wasmgen.NewLocal[wasmgen.I32](f)
		}
		switch x.tokenizer.Kind {
		case text.KindWords:
			c.words()
		case text.KindCharacters:
			c.characters()
		case text.KindNGrams:
			c.ngrams()
		case text.KindBytePairs:
			c.segments()
		}
		f.Return(number(0))
	}, wasmgen.TypeI32)
}

// each writes a loop over the characters; what body leaves by next is done with one.
func (c cut) each(body func(next wasmgen.Label)) {
	c.While(wasmgen.I32LtU(c.from.Get(), c.end.Get()), func() {
		c.character.Set(wasmgen.Result[wasmgen.I32](c.x.character(), c.from.Get(), c.end.Get()))
		c.Block(body)
		c.from.Set(c.behind())
	})
}

// behind is where the next character begins.
func (c cut) behind() wasmgen.I32 {
	return wasmgen.I32Add(c.from.Get(), wasmgen.I32And(c.character.Get(), number(7)))
}

func (c cut) classify() { c.class.Set(c.x.classOf(wasmgen.I32ShrU(c.character.Get(), number(3)))) }

// is compares a class.
func is(l wasmgen.Local[wasmgen.I32], class int32) wasmgen.I32 {
	return wasmgen.I32Eq(l.Get(), wasmgen.I32Const(class))
}

func (c cut) characters() {
	c.each(func(wasmgen.Label) { c.x.visit(c.Func, c.from.Get(), c.behind()) })
}

func (c cut) words() {
	c.each(func(next wasmgen.Label) {
		c.classify()
		goesOn := wasmgen.I32And(is(c.class, text.ClassExtend), wasmgen.I32Ne(c.before.Get(), number(0))) // ClassSpace is 0
		goesOn = wasmgen.I32Or(goesOn, wasmgen.I32And(is(c.class, text.ClassWord), is(c.before, text.ClassWord)))
		c.BrIf(next, goesOn)
		c.If(c.before.Get(), func() { c.x.visit(c.Func, c.begin.Get(), c.from.Get()) })
		c.If(is(c.class, text.ClassExtend), func() { c.class.Set(wasmgen.I32Const(text.ClassSymbol)) })
		c.begin.Set(c.from.Get())
		c.before.Set(c.class.Get())
	})
	c.If(c.before.Get(), func() { c.x.visit(c.Func, c.begin.Get(), c.end.Get()) })
}

func (c cut) ngrams() {
	chunk := func(end wasmgen.I32) {
		c.If(wasmgen.Result[wasmgen.I32](c.x.chunk(), c.begin.Get(), end), func() { c.Return(number(1)) })
	}
	c.each(func(wasmgen.Label) {
		c.classify()
		c.IfElse(c.class.Get(), func() {
			c.If(wasmgen.I32Eqz(c.begin.Get()), func() { c.begin.Set(c.from.Get()) })
		}, func() {
			c.If(c.begin.Get(), func() {
				chunk(c.from.Get())
				c.begin.Set(number(0))
			})
		})
	})
	c.If(c.begin.Get(), func() { chunk(c.end.Get()) })
}

// chunk is (begin, end) -> whether no more are wanted: it visits the runs of a piece
// without spaces. It puts a space on either side of it, where the text has one, or
// nothing.
func (x *textCode) chunk() *wasmgen.Func {
	return x.function("chunk", func(f *wasmgen.Func) {
		begin, end := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		low, high, n := number(x.tokenizer.Low), number(x.tokenizer.High), wasmgen.NewLocal[wasmgen.I32](f)
		p, q, count, last := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		next := func(l wasmgen.Local[wasmgen.I32]) {
			l.Set(wasmgen.I32Add(l.Get(), wasmgen.I32And(wasmgen.Result[wasmgen.I32](x.character(), l.Get(), end.Get()), number(7))))
		}
		least := func(l wasmgen.Local[wasmgen.I32], limit wasmgen.I32) {
			l.Set(wasmgen.I32Select(count.Get(), limit, wasmgen.I32LtU(count.Get(), limit)))
		}
		begin.Set(plus(begin, -1))
		f.I32Store8(begin.Get(), 0, number(' '))
		f.I32Store8(end.Get(), 0, number(' '))
		end.Set(plus(end, 1))
		p.Set(begin.Get())
		f.While(wasmgen.I32LtU(p.Get(), end.Get()), func() {
			next(p)
			count.Set(plus(count, 1))
		})
		least(last, high)
		least(n, low)
		f.Loop(func(longer wasmgen.Label) {
			p.Set(begin.Get())
			q.Set(begin.Get())
			count.Set(n.Get())
			f.While(count.Get(), func() {
				next(q)
				count.Set(plus(count, -1))
			})
			f.Block(func(done wasmgen.Label) {
				f.Loop(func(again wasmgen.Label) {
					x.visit(f, p.Get(), q.Get())
					f.BrIf(done, wasmgen.I32GeU(q.Get(), end.Get()))
					next(p)
					next(q)
					f.Br(again)
				})
			})
			f.BrIf(longer, wasmgen.I32LeU(n.Tee(plus(n, 1)), last.Get()))
		})
		f.Return(number(0))
	}, wasmgen.TypeI32)
}
