package codegen

import (
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// Byte-pair encoding, as Tokenizer's join does it.

// hashPair is a hash of two places.
func hashPair(left, right wasmgen.I32) wasmgen.I32 {
	return wasmgen.I32Xor(wasmgen.I32Mul(left, wasmgen.I32Const(-1640531535)), wasmgen.I32Rotl(wasmgen.I32Mul(right, wasmgen.I32Const(-2048144789)), number(13)))
}

// fillPairs is (count): it fills the table of pairs.
func (x *textCode) fillPairs() *wasmgen.Func {
	return x.function("fillPairs", func(f *wasmgen.Func) {
		count := wasmgen.Param[wasmgen.I32](f)
		i, slot, at := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		f.While(wasmgen.I32LtU(i.Get(), count.Get()), func() {
			pair := wasmgen.I32Shl(i.Get(), number(3))
			slot.Set(x.mixed(hashPair(wasmgen.I32Load(pair, uint32(x.atMerges())), wasmgen.I32Load(pair, uint32(x.atMerges()+4))), slot))
			x.probe(f, slot, at, x.atPairs(), slots(len(x.tokenizer.Merges)/2), func(wasmgen.Label) {})
			i.Set(plus(i, 1))
			f.I32Store(wasmgen.I32Shl(at.Get(), number(2)), uint32(x.atPairs()), i.Get())
		})
	})
}

// mixed spreads a hash's high bits to its low ones, by way of a variable.
func (x *textCode) mixed(h wasmgen.I32, l wasmgen.Local[wasmgen.I32]) wasmgen.I32 {
	return wasmgen.I32Xor(l.Tee(h), wasmgen.I32ShrU(l.Get(), number(15)))
}

// pair is (left, right) -> the rank of a pair plus 1, 0 if it is not joined.
func (x *textCode) pair() *wasmgen.Func {
	return x.function("pair", func(f *wasmgen.Func) {
		left, right := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		slot, at := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		slot.Set(x.mixed(hashPair(left.Get(), right.Get()), slot))
		x.probe(f, slot, at, x.atPairs(), slots(len(x.tokenizer.Merges)/2), func(leave wasmgen.Label) {
			entry := wasmgen.I32Shl(plus(slot, -1), number(3))
			same := wasmgen.I32Eq(wasmgen.I32Load(entry, uint32(x.atMerges())), left.Get())
			f.BrIf(leave, wasmgen.I32And(same, wasmgen.I32Eq(wasmgen.I32Load(entry, uint32(x.atMerges()+4)), right.Get())))
		})
		f.Return(slot.Get())
	}, wasmgen.TypeI32)
}

// segments writes how a text falls into what pairs are joined within.
func (c cut) segments() {
	count := c.any
	segment := func(end wasmgen.I32) {
		c.If(wasmgen.Result[wasmgen.I32](c.x.segment(), c.begin.Get(), end, c.work.Get()), func() { c.Return(number(1)) })
	}
	c.begin.Set(c.from.Get())
	c.each(func(wasmgen.Label) {
		c.classify()
		c.If(is(c.class, text.ClassLone), func() { c.class.Set(wasmgen.I32Const(text.ClassWord)) })
		c.If(is(c.class, text.ClassExtend), func() {
			c.class.Set(wasmgen.I32Select(c.before.Get(), wasmgen.I32Const(text.ClassSymbol), c.before.Get()))
		})
		// A space waits for a word.
		waits := wasmgen.I32And(wasmgen.I32Eqz(c.before.Get()), wasmgen.I32Eq(count.Get(), number(1)))
		waits = wasmgen.I32And(waits, wasmgen.I32Eq(wasmgen.I32Load8U(c.begin.Get(), 0), number(' ')))
		ends := wasmgen.I32And(wasmgen.I32Ne(c.class.Get(), c.before.Get()), wasmgen.I32Eqz(waits))
		ends = wasmgen.I32Or(wasmgen.I32Or(ends, wasmgen.I32Eqz(c.class.Get())), wasmgen.I32GeU(count.Get(), number(segmentRoom)))
		c.If(count.Get(), func() {
			c.If(ends, func() {
				segment(c.from.Get())
				c.begin.Set(c.from.Get())
				count.Set(number(0))
			})
		})
		c.before.Set(c.class.Get())
		count.Set(plus(count, 1))
	})
	c.If(count.Get(), func() { segment(c.end.Get()) })
}

// segment is (begin, end, line) -> whether no more are wanted: it joins the pairs of a
// segment, whose places lie at line, and pushes what is left.
func (x *textCode) segment() *wasmgen.Func {
	return x.function("segment", func(f *wasmgen.Func) {
		begin, end, line := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		at, behind := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		behind.Set(line.Get()) // the end of the line
		f.While(wasmgen.I32LtU(begin.Get(), end.Get()), func() {
			at.Set(wasmgen.I32Add(begin.Get(), wasmgen.I32And(wasmgen.Result[wasmgen.I32](x.character(), begin.Get(), end.Get()), number(7))))
			f.I32Store(behind.Get(), 0, wasmgen.I32Sub(wasmgen.Result[wasmgen.I32](x.lookup(), begin.Get(), at.Get()), number(text.Unknown+1)))
			behind.Set(plus(behind, 4))
			begin.Set(at.Get())
		})
		if len(x.tokenizer.Merges) > 0 {
			x.joins(f, line, at, behind)
		}
		at.Set(line.Get())
		f.While(wasmgen.I32LtU(at.Get(), behind.Get()), func() {
			id := wasmgen.I32Add(wasmgen.I32Load(at.Get(), 0), number(text.Unknown+1))
			f.If(wasmgen.Result[wasmgen.I32](x.push(), id), func() { f.Return(number(1)) })
			at.Set(plus(at, 4))
		})
		f.Return(number(0))
	}, wasmgen.TypeI32)
}

// joins writes that the pairs of a line are joined, those that were learned first before
// the others.
func (x *textCode) joins(f *wasmgen.Func, line, at, behind wasmgen.Local[wasmgen.I32]) {
	locals := make([]wasmgen.Local[wasmgen.I32], 6)
	for i := range locals {
		locals[i] = wasmgen.NewLocal[wasmgen.I32](f)
	}
	best, rank, left, right, to, place := locals[0], locals[1], locals[2], locals[3], locals[4], locals[5]
	last := plus(behind, -4)
	f.Block(func(done wasmgen.Label) {
		f.Loop(func(again wasmgen.Label) {
			best.Set(number(0))
			at.Set(line.Get())
			f.While(wasmgen.I32LtU(at.Get(), last), func() {
				rank.Set(wasmgen.Result[wasmgen.I32](x.pair(), wasmgen.I32Load(at.Get(), 0), wasmgen.I32Load(at.Get(), 4)))
				f.If(wasmgen.I32LtU(plus(rank, -1), plus(best, -1)), func() { // 0 is the greatest of all there
					best.Set(rank.Get())
					left.Set(wasmgen.I32Load(at.Get(), 0))
					right.Set(wasmgen.I32Load(at.Get(), 4))
				})
				at.Set(plus(at, 4))
			})
			f.BrIf(done, wasmgen.I32Eqz(best.Get()))
			at.Set(line.Get())
			to.Set(line.Get())
			f.While(wasmgen.I32LtU(at.Get(), behind.Get()), func() {
				place.Set(wasmgen.I32Load(at.Get(), 0))
				same := wasmgen.I32And(wasmgen.I32Eq(place.Get(), left.Get()), wasmgen.I32Eq(wasmgen.I32Load(at.Get(), 4), right.Get()))
				f.If(wasmgen.I32And(same, wasmgen.I32LtU(at.Get(), last)), func() {
					place.Set(wasmgen.I32Add(best.Get(), number(len(x.words)-1)))
					at.Set(plus(at, 4))
				})
				f.I32Store(to.Get(), 0, place.Get())
				to.Set(plus(to, 4))
				at.Set(plus(at, 4))
			})
			behind.Set(to.Get())
			f.Br(again)
		})
	})
}
