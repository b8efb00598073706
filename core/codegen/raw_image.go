package codegen

import (
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// rawImage is the entry "rgba" of models that take pictures: pixels at the model's size,
// red, green, blue and opacity, not multiplied, as a canvas gives them. They are laid on
// white, made grey where the model sees grey, and scaled, as data/image does with what it
// has fitted. That package is not asked: it would bring its decoders along.
func (c *compiler) rawImage() (*raw, error) {
	m := c.source.Pipeline.Medium
	var config struct {
		Format int       `json:"format"`
		Mean   []float32 `json:"mean"`
		Scale  []float32 `json:"scale"`
	}
	refuse := func(why string) (*raw, error) {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "the model cannot be compiled because of its pictures: %s", why)
	}
	if err := json.Unmarshal(m.Config, &config); err != nil {
		return refuse("how they become numbers is not the JSON of that (" + err.Error() + ")")
	}
	switch {
	case config.Format != 1:
		return refuse("how they become numbers is written in a format that this program does not know")
	case len(m.Shape) != 3 || m.Shape[2] != 1 && m.Shape[2] != 3 || m.Shape[0] < 1 || m.Shape[1] < 1:
		return refuse("they have the shape " + tensor.Format(m.Shape) + ", want height, width and 1 or 3 channels")
	case len(config.Mean) != m.Shape[2] || len(config.Scale) != m.Shape[2]:
		return refuse("mean and scale are for another count of channels")
	}
	pixels, channels := m.Shape[0]*m.Shape[1], m.Shape[2]
	return &raw{
		name: "rgba",
		room: func(bytes wasmgen.I32) wasmgen.I32 { return bytes },
		fits: func(bytes wasmgen.I32) wasmgen.I32 { return wasmgen.I32Eq(bytes, number(4*pixels)) },
		encode: func(_ *wasmgen.Module, f *wasmgen.Func, at, _, bytes, row wasmgen.Local[wasmgen.I32]) {
			p := pixelCode{f, at, wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)}
			p.to.Set(row.Get())
			p.white.Set(number(0))
			bytes.Set(wasmgen.I32Add(at.Get(), bytes.Get()))
			f.Loop(func(again wasmgen.Label) {
				// What white shines through, in units of 1/255, and a half for rounding.
				p.white.Set(wasmgen.I32Add(wasmgen.I32Mul(number(255), wasmgen.I32Sub(number(255), wasmgen.I32Load8U(at.Get(), 3))), number(127)))
				if channels == 1 {
					grey := wasmgen.I32Add(wasmgen.I32Add(wasmgen.I32Mul(number(19595), p.over(0)), wasmgen.I32Mul(number(38470), p.over(1))), wasmgen.I32Mul(number(7471), p.over(2)))
					p.put(wasmgen.I32ShrU(wasmgen.I32Add(grey, number(1<<15)), number(16)), 0, config.Mean[0], config.Scale[0])
				} else {
					for k := range channels {
						p.put(p.over(uint32(k)), uint32(k), config.Mean[k], config.Scale[k])
					}
				}
				p.to.Set(plus(p.to, 4*channels))
				f.BrIf(again, wasmgen.I32LtU(at.Tee(plus(at, 4)), bytes.Get()))
			})
		},
	}, nil
}

// A pixelCode writes what becomes of one pixel.
type pixelCode struct {
	*wasmgen.Func
	at, to, white wasmgen.Local[wasmgen.I32]
}

// over is a colour laid on white.
func (p pixelCode) over(colour uint32) wasmgen.I32 {
	light := wasmgen.I32Mul(wasmgen.I32Load8U(p.at.Get(), colour), wasmgen.I32Load8U(p.at.Get(), 3))
	return wasmgen.I32DivU(wasmgen.I32Add(light, p.white.Get()), number(255))
}

// put writes a byte as the network takes it.
func (p pixelCode) put(v wasmgen.I32, channel uint32, mean, scale float32) {
	p.F32Store(p.to.Get(), 4*channel, wasmgen.F32Mul(wasmgen.F32Sub(wasmgen.F32ConvertI32U(v), wasmgen.F32Const(mean)), wasmgen.F32Const(scale)))
}
