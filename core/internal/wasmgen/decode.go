package wasmgen

// Weights that are stored smaller than float32 are decoded when a module starts.

// DecodeFloat16 returns the function decode(dst, src, _, n) that reads n float16 as
// float32. A number's exponent and fraction, taken for a float32's, are 2^-112 of it.
func (b *Library) DecodeFloat16() *Func {
	return b.function("decodeFloat16", func() *Func {
		f := b.Module.Func()
		dst, src, _, n := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		h := NewLocal[I32](f)
		f.While(n.Get(), func() {
			h.Set(I32Load16U(src.Get(), 0))
			magnitude := F32Mul(F32ReinterpretI32(I32Shl(I32And(h.Get(), I32Const(0x7FFF)), I32Const(13))), F32Const(0x1p112))
			sign := I32Shl(I32And(h.Get(), I32Const(0x8000)), I32Const(16))
			f.I32Store(dst.Get(), 0, I32Or(I32ReinterpretF32(magnitude), sign))
			dst.Set(I32Add(dst.Get(), I32Const(4)))
			src.Set(I32Add(src.Get(), I32Const(2)))
			n.Set(I32Sub(n.Get(), I32Const(1)))
		})
		return f
	})
}

// DecodeInt8 returns the function decode(dst, src, channels, n) that reads n int8 as
// float32: number i times scale i mod channels. The scales begin at src, the int8
// stand behind them.
func (b *Library) DecodeInt8() *Func {
	return b.function("decodeInt8", func() *Func {
		f := b.Module.Func()
		dst, src, channels, n := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		scale, last := NewLocal[I32](f), NewLocal[I32](f)
		scale.Set(src.Get())
		last.Set(I32Add(src.Get(), I32Shl(channels.Get(), I32Const(2))))
		src.Set(last.Get())
		channels.Set(scale.Get()) // where the scales begin
		f.While(n.Get(), func() {
			f.F32Store(dst.Get(), 0, F32Mul(F32ConvertI32S(I32Load8S(src.Get(), 0)), F32Load(scale.Get(), 0)))
			scale.Set(I32Add(scale.Get(), I32Const(4)))
			f.If(I32Eq(scale.Get(), last.Get()), func() { scale.Set(channels.Get()) })
			dst.Set(I32Add(dst.Get(), I32Const(4)))
			src.Set(I32Add(src.Get(), I32Const(1)))
			n.Set(I32Sub(n.Get(), I32Const(1)))
		})
		return f
	})
}
