package image

import (
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Config says how a picture becomes a row of a network's input. It is the Config of a
// data.Medium of kind image, and saved with the model.
//
// A picture is made no larger than Kept, brought to the channels, fitted into the size,
// and each byte v of channel c becomes (v − Mean[c]) · Scale[c].
type Config struct {
	Format int       `json:"format"` // 1
	Kept   int       `json:"kept"`
	Fit    Fit       `json:"fit"`
	Mean   []float32 `json:"mean"`  // of the training part, of each channel
	Scale  []float32 `json:"scale"` // 1 over its standard deviation
	Light  bool      `json:"light"` // things stand light on a dark ground: so drawings are inked

	width, height, channels int
}

// Read returns the Config of a pipeline. It fails with code "unsupported" for pipelines
// of other data, "format" for one that is damaged.
func Read(p *data.Pipeline) (*Config, error) {
	if p == nil || p.Medium == nil || p.Medium.Kind != data.MediumImage {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "This model does not take pictures.")
	}
	bad := func(what string) error {
		return tensor.Errorf(tensor.CodeFormat, "The model's description of its pictures %s. The file is damaged or from another program.", what)
	}
	c := new(Config)
	if err := json.Unmarshal(p.Medium.Config, c); err != nil {
		return nil, bad("is not the JSON of one (" + err.Error() + ")")
	}
	shape := p.Medium.Shape
	switch {
	case c.Format != 1:
		return nil, bad("has a format that this program does not read")
	case len(shape) != 3 || shape[0] < 1 || shape[1] < 1 || shape[0] > maxSide || shape[1] > maxSide || shape[2] != 1 && shape[2] != 3:
		return nil, bad("has the shape " + tensor.Format(shape) + ", want height, width and 1 or 3 channels")
	case c.Kept < 1 || c.Kept > 4096 || !slices.Contains(Fits, c.Fit):
		return nil, bad("has an unknown fit or size")
	case len(c.Mean) != shape[2] || len(c.Scale) != shape[2]:
		return nil, bad("has numbers for another count of channels")
	}
	for i := range c.Mean {
		if !(c.Mean[i] >= 0 && c.Mean[i] <= 255) || !(c.Scale[i] > 0 && c.Scale[i] < 1e6) {
			return nil, bad("has a mean or scale that cannot be")
		}
	}
	c.height, c.width, c.channels = shape[0], shape[1], shape[2]
	return c, nil
}

// Size returns the size of pictures as the network sees them.
func (c *Config) Size() (width, height, channels int) { return c.width, c.height, c.channels }

// See returns the picture as the network sees it, but for the scale of its numbers.
func (c *Config) See(p *Picture) *Picture {
	return p.within(c.Kept).as(c.channels).fitted(c.width, c.height, c.Fit)
}

// Encode writes a picture as a row of the network's input: width · height · channels
// numbers.
func (c *Config) Encode(dst []float32, p *Picture) { c.scale(dst, c.See(p).Pix) }

func (c *Config) scale(dst []float32, pix []byte) {
	for i, v := range pix {
		dst[i] = float32(v)
	}
	c.normalise(dst)
}

// normalise scales values of bytes in place.
func (c *Config) normalise(dst []float32) {
	for i := 0; i < len(dst); i += c.channels {
		for k := range c.channels {
			dst[i+k] = (dst[i+k] - c.Mean[k]) * c.Scale[k]
		}
	}
}

// fit learns means and scales from pictures that lie one behind the other. The sums are
// whole numbers: no order can change them.
func (c *Config) fit(pix []byte) {
	c.Mean, c.Scale = make([]float32, c.channels), make([]float32, c.channels)
	n := float64(len(pix) / c.channels)
	for k := range c.channels {
		var sum, squares uint64
		for i := k; i < len(pix); i += c.channels {
			v := uint64(pix[i])
			sum += v
			squares += v * v
		}
		mean := float64(sum) / n
		variance := float64(squares)/n - float64(mean*mean)
		c.Mean[k] = float32(mean)
		c.Scale[k] = float32(1 / math.Sqrt(max(variance, 1)))
	}
}
