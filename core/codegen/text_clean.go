package codegen

import (
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// Characters: UTF-8, Unicode's tables, and Tokenizer's Cleaning.

// unpack is (src, count, dst, first, sum): numbers of variable length become i32; with
// sum 1 each is added to the one before, the first to first.
func (x *textCode) unpack() *wasmgen.Func {
	return x.function("unpack", func(f *wasmgen.Func) {
		src, count, dst, v, sum := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		part, shift := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		f.While(count.Get(), func() {
			v.Set(wasmgen.I32Mul(v.Get(), sum.Get()))
			shift.Set(number(0))
			f.Loop(func(again wasmgen.Label) {
				part.Set(wasmgen.I32Load8U(src.Get(), 0))
				v.Set(wasmgen.I32Add(v.Get(), wasmgen.I32Shl(wasmgen.I32And(part.Get(), number(0x7F)), shift.Get())))
				shift.Set(plus(shift, 7))
				src.Set(plus(src, 1))
				f.BrIf(again, wasmgen.I32GeU(part.Get(), number(0x80)))
			})
			f.I32Store(dst.Get(), 0, v.Get())
			dst.Set(plus(dst, 4))
			count.Set(plus(count, -1))
		})
	})
}

// character is (at, end) -> the character at at, times 8, plus its length in bytes. Bytes
// that are no UTF-8 are U+FFFD, one each.
func (x *textCode) character() *wasmgen.Func {
	return x.function("character", func(f *wasmgen.Func) {
		at, end := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		r, width, i, next := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		wrong := func() { f.Return(number(0xFFFD<<3 | 1)) }
		r.Set(wasmgen.I32Load8U(at.Get(), 0))
		f.If(wasmgen.I32LtU(r.Get(), number(0x80)), func() { f.Return(wasmgen.I32Or(wasmgen.I32Shl(r.Get(), number(3)), number(1))) })
		f.If(wasmgen.I32GtU(wasmgen.I32Sub(r.Get(), number(0xC2)), number(0xF4-0xC2)), wrong)
		width.Set(wasmgen.I32Add(wasmgen.I32Add(number(2), wasmgen.I32GeU(r.Get(), number(0xE0))), wasmgen.I32GeU(r.Get(), number(0xF0))))
		f.If(wasmgen.I32LtU(wasmgen.I32Sub(end.Get(), at.Get()), width.Get()), wrong)
		r.Set(wasmgen.I32And(r.Get(), wasmgen.I32ShrU(number(0x7F), width.Get())))
		i.Set(number(1))
		f.Loop(func(again wasmgen.Label) {
			next.Set(wasmgen.I32Load8U(wasmgen.I32Add(at.Get(), i.Get()), 0))
			f.If(wasmgen.I32Ne(wasmgen.I32And(next.Get(), number(0xC0)), number(0x80)), wrong)
			r.Set(wasmgen.I32Or(wasmgen.I32Shl(r.Get(), number(6)), wasmgen.I32And(next.Get(), number(0x3F))))
			f.BrIf(again, wasmgen.I32LtU(i.Tee(plus(i, 1)), width.Get()))
		})
		// Too long for what it says, a half of a pair of UTF-16, or beyond Unicode.
		least := wasmgen.I32Shl(number(1), wasmgen.I32Sub(wasmgen.I32Mul(width.Get(), number(5)), number(4)))
		half := wasmgen.I32Eq(wasmgen.I32ShrU(r.Get(), number(11)), number(0xD800>>11))
		f.If(wasmgen.I32Or(wasmgen.I32Or(wasmgen.I32LtU(r.Get(), least), half), wasmgen.I32GtU(r.Get(), number(0x10FFFF))), wrong)
		f.Return(wasmgen.I32Or(wasmgen.I32Shl(r.Get(), number(3)), width.Get()))
	}, wasmgen.TypeI32)
}

// search writes that low becomes the last of n ascending i32 from at on that is no
// greater than key; the first one is not.
func search(f *wasmgen.Func, low wasmgen.Local[wasmgen.I32], at, n int, key wasmgen.I32) {
	high, middle := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
	low.Set(number(0))
	high.Set(number(n))
	f.While(wasmgen.I32GtU(wasmgen.I32Sub(high.Get(), low.Get()), number(1)), func() {
		middle.Set(wasmgen.I32ShrU(wasmgen.I32Add(low.Get(), high.Get()), number(1)))
		entry := wasmgen.I32Load(wasmgen.I32Shl(middle.Get(), number(2)), uint32(at))
		f.IfElse(wasmgen.I32LeU(entry, key), func() { low.Set(middle.Get()) }, func() { high.Set(middle.Get()) })
	})
}

// property is (character) -> its text.Properties.
func (x *textCode) property() *wasmgen.Func {
	return x.function("property", func(f *wasmgen.Func) {
		r := wasmgen.Param[wasmgen.I32](f)
		low := wasmgen.NewLocal[wasmgen.I32](f)
		at := x.atProperties()
		r.Set(wasmgen.I32Or(wasmgen.I32Shl(r.Get(), number(4)), number(15)))
		search(f, low, at, len(x.properties), r.Get())
		f.Return(wasmgen.I32And(wasmgen.I32Load(wasmgen.I32Shl(low.Get(), number(2)), uint32(at)), number(15)))
	}, wasmgen.TypeI32)
}

// classOf is the class of a character.
func (x *textCode) classOf(r wasmgen.I32) wasmgen.I32 {
	return wasmgen.I32And(wasmgen.Result[wasmgen.I32](x.property(), r), number(text.PropertyClass))
}

// toLower is (character) -> its lower-case form.
func (x *textCode) toLower() *wasmgen.Func {
	return x.function("toLower", func(f *wasmgen.Func) {
		r := wasmgen.Param[wasmgen.I32](f)
		low, shift := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
		search(f, low, x.atFrom(), len(x.lower), r.Get())
		low.Set(wasmgen.I32Shl(low.Get(), number(2)))
		shift.Set(wasmgen.I32Load(low.Get(), uint32(x.atShift())))
		f.If(wasmgen.I32Eq(shift.Get(), number(everySecond)), func() {
			from := wasmgen.I32Load(low.Get(), uint32(x.atFrom()))
			f.Return(wasmgen.I32Add(from, wasmgen.I32Or(wasmgen.I32Sub(r.Get(), from), number(1))))
		})
		zigzag := wasmgen.I32Xor(wasmgen.I32ShrU(shift.Get(), number(1)), wasmgen.I32Sub(number(0), wasmgen.I32And(shift.Get(), number(1))))
		f.Return(wasmgen.I32Add(r.Get(), zigzag))
	}, wasmgen.TypeI32)
}

// write is (to, character) -> behind the character's UTF-8.
func (x *textCode) write() *wasmgen.Func {
	return x.function("write", func(f *wasmgen.Func) {
		to, r := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		f.If(wasmgen.I32LtU(r.Get(), number(0x80)), func() {
			f.I32Store8(to.Get(), 0, r.Get())
			f.Return(plus(to, 1))
		})
		for width := 2; width <= 4; width++ {
			bytes := func() {
				lead := 0xF00 >> width & 0xFF // ones as many as bytes
				for i := range width {
					bits := wasmgen.I32ShrU(r.Get(), number(6*(width-1-i)))
					if i == 0 {
						f.I32Store8(to.Get(), 0, wasmgen.I32Or(bits, number(lead)))
						continue
					}
					f.I32Store8(to.Get(), uint32(i), wasmgen.I32Or(wasmgen.I32And(bits, number(0x3F)), number(0x80)))
				}
				f.Return(plus(to, width))
			}
			if width == 4 {
				bytes()
				break
			}
			f.If(wasmgen.I32LtU(r.Get(), number(1<<(5*width+1))), bytes)
		}
	}, wasmgen.TypeI32)
}

// clean is (from, end, to) -> the end of the cleaned text, which begins at to: Cleaning.
func (x *textCode) clean() *wasmgen.Func {
	rules := x.tokenizer.Cleaning
	return x.function("clean", func(f *wasmgen.Func) {
		from, end, to := wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f), wasmgen.Param[wasmgen.I32](f)
		locals := make([]wasmgen.Local[wasmgen.I32], 6)
		for i := range locals {
			locals[i] = wasmgen.NewLocal[wasmgen.I32](f)
		}
		r, property, carriage, before, space, begin := locals[0], locals[1], locals[2], locals[3], locals[4], locals[5]
		equal := func(v int) wasmgen.I32 { return wasmgen.I32Eq(r.Get(), number(v)) }
		begin.Set(to.Get())
		f.While(wasmgen.I32LtU(from.Get(), end.Get()), func() {
			f.Block(func(next wasmgen.Label) {
				r.Set(wasmgen.Result[wasmgen.I32](x.character(), from.Get(), end.Get()))
				from.Set(wasmgen.I32Add(from.Get(), wasmgen.I32And(r.Get(), number(7))))
				r.Set(wasmgen.I32ShrU(r.Get(), number(3)))
				before.Set(carriage.Get())
				carriage.Set(equal('\r'))
				f.BrIf(next, wasmgen.I32And(before.Get(), equal('\n')))
				f.If(carriage.Get(), func() { r.Set(number('\n')) })
				if rules.Spaces {
					f.If(equal(0x85), func() { r.Set(number(' ')) })
				}
				control := wasmgen.I32Or(wasmgen.I32LtU(r.Get(), number(0x20)), wasmgen.I32LtU(wasmgen.I32Sub(r.Get(), number(0x7F)), number(0xA0-0x7F)))
				control = wasmgen.I32And(control, wasmgen.I32GtU(wasmgen.I32Sub(r.Get(), number('\t')), number('\n'-'\t')))
				f.BrIf(next, wasmgen.I32Or(control, equal(0xFEFF)))
				if rules.Width {
					f.If(wasmgen.I32LeU(wasmgen.I32Sub(r.Get(), number(0xFF01)), number(0xFF5E-0xFF01)), func() { r.Set(plus(r, '!'-0xFF01)) })
					f.If(equal(0x3000), func() { r.Set(number(' ')) })
				}
				if rules.Lower {
					r.Set(wasmgen.Result[wasmgen.I32](x.toLower(), r.Get()))
				}
				if rules.Spaces || rules.Digits {
					property.Set(wasmgen.Result[wasmgen.I32](x.property(), r.Get()))
				}
				if rules.Digits {
					f.If(wasmgen.I32And(property.Get(), number(text.PropertyDigit)), func() { r.Set(number('0')) })
				}
				if rules.Spaces {
					f.If(wasmgen.I32Eqz(wasmgen.I32And(property.Get(), number(text.PropertyClass))), func() {
						space.Set(number(1))
						f.Br(next)
					})
					f.If(wasmgen.I32And(space.Get(), wasmgen.I32Ne(to.Get(), begin.Get())), func() {
						f.I32Store8(to.Get(), 0, number(' '))
						to.Set(plus(to, 1))
					})
					space.Set(number(0))
				}
				to.Set(wasmgen.Result[wasmgen.I32](x.write(), to.Get(), r.Get()))
			})
		})
		f.Return(to.Get())
	}, wasmgen.TypeI32)
}
