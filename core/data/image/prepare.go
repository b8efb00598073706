package image

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Setup holds every decision between a set of pictures and a training run.
type Setup struct {
	Width    int        `json:"width"` // of pictures as the network sees them
	Height   int        `json:"height"`
	Channels int        `json:"channels"` // 1: grey, 3: red, green, blue
	Fit      Fit        `json:"fit"`
	Split    data.Split `json:"split"`
	Augment  Augment    `json:"augment"`

	// Range is how numbers are made of bytes; RangeFitted unless a network that was trained
	// elsewhere takes them otherwise.
	Range Range `json:"range,omitzero"`
}

// A Range says between which numbers black and white lie.
type Range string

// The ranges.
const (
	RangeFitted Range = ""       // as the training part has mean 0 and deviation 1
	RangeUnit   Range = "unit"   // from 0 to 1
	RangeSigned Range = "signed" // from -1 to 1
	RangeBytes  Range = "bytes"  // from 0 to 255
)

// ranges are mean and scale of those that are not fitted.
var ranges = map[Range][2]float32{RangeUnit: {0, 1.0 / 255}, RangeSigned: {127.5, 1 / 127.5}, RangeBytes: {0, 1}}

// maxSide bounds what a network is shown.
const maxSide = 256

// A Prepared is a set ready to learn from: data.Prepared, whose rows are numbers of
// pictures and whose training part has no X: Fill makes that anew each time.
type Prepared struct {
	*data.Prepared
	Config  *Config
	Setup   Setup
	Between int // pictures of the test and validation parts that the training part has as well, to the pixel

	pix []byte // of the training part
}

func (s *Setup) check() error {
	switch {
	case s.Width < 8 || s.Height < 8 || s.Width > maxSide || s.Height > maxSide:
		return tensor.Errorf(tensor.CodeOption, "Pictures are shown to the network with sides of 8 to %d pixels, got %d × %d.", maxSide, s.Width, s.Height)
	case s.Channels != 1 && s.Channels != 3:
		return tensor.Errorf(tensor.CodeOption, "Pictures have 1 channel (grey) or 3 (red, green, blue), got %d.", s.Channels)
	case s.Range != RangeFitted && ranges[s.Range][1] == 0:
		return tensor.Errorf(tensor.CodeOption, "Numbers of pixels are in a range %q, %q or %q, got %q.", RangeUnit, RangeSigned, RangeBytes, s.Range)
	case !slices.Contains(Fits, s.Fit):
		return tensor.Errorf(tensor.CodeOption, "Pictures are fitted by one of %v, got %q.", Fits, s.Fit)
	}
	return s.Augment.check()
}

// Prepare carries a setup out: splits by class, brings all pictures to one size, learns
// mean and spread from the training part alone. It fails with code "data" where there is
// nothing to tell apart, "option" for a setup that makes no sense, "memory" where the
// result would take more than room bytes (0: no bound).
func (s *Set) Prepare(setup Setup, room int64, progress data.Progress) (*Prepared, error) {
	if err := setup.check(); err != nil {
		return nil, err
	}
	names, class := s.labels()
	if len(names) < 2 {
		return nil, tensor.Errorf(tensor.CodeData, "There is nothing to tell apart: pictures of two classes or more are needed, there %s. Add a folder with pictures of another kind.", map[bool]string{true: "is one class", false: "are none"}[len(names) == 1])
	}
	p := &Prepared{Setup: setup, Prepared: &data.Prepared{}, Config: &Config{Format: 1, Kept: KeptSide, Fit: setup.Fit, width: setup.Width, height: setup.Height, channels: setup.Channels}}
	var err error
	p.Train.Rows, p.Validation.Rows, p.Test.Rows, err = setup.Split.Classes(class, len(names))
	if err != nil {
		return nil, err
	}
	total := len(p.Train.Rows) + len(p.Validation.Rows) + len(p.Test.Rows)
	if total < 10 {
		return nil, tensor.Errorf(tensor.CodeData, "There are only %d pictures; at least 10 are needed, better 50 of each class.", total)
	}
	size := setup.Width * setup.Height * setup.Channels
	if need := int64(size) * int64(len(p.Train.Rows)+4*(total-len(p.Train.Rows))); room > 0 && need > room {
		return nil, tensor.Errorf(tensor.CodeMemory, "Pictures of this size need %s, and there is room for %s. Choose a smaller size, or take fewer pictures.", megabytes(need), megabytes(room))
	}
	if err := s.see(p, size, total, progress); err != nil {
		return nil, err
	}
	p.describe(names, class, setup)
	p.overlap(s)
	return p, nil
}

// see brings the pictures to their size: bytes of the training part, numbers of the
// others.
func (s *Set) see(p *Prepared, size, total int, progress data.Progress) error {
	done := 0
	tell := func() error {
		if done++; progress == nil || done%16 != 0 {
			return nil
		}
		return progress(int64(done), int64(total))
	}
	p.pix = make([]byte, 0, size*len(p.Train.Rows))
	for _, n := range p.Train.Rows {
		p.pix = append(p.pix, p.Config.See(s.pictures[n].Picture).Pix...)
		if err := tell(); err != nil {
			return err
		}
	}
	p.Config.fit(p.pix)
	if r, given := ranges[p.Setup.Range]; given {
		for i := range p.Config.Mean {
			p.Config.Mean[i], p.Config.Scale[i] = r[0], r[1]
		}
	}
	for _, part := range []*data.Part{&p.Validation, &p.Test} {
		part.X = tensor.New(append([]int{len(part.Rows)}, p.shape()...)...)
		for i, n := range part.Rows {
			p.Config.Encode(part.X.Data[i*size:(i+1)*size], s.pictures[n].Picture)
			if err := tell(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Prepared) shape() []int { return []int{p.Config.height, p.Config.width, p.Config.channels} }

// describe writes targets and pipeline.
func (p *Prepared) describe(names []string, class []int32, setup Setup) {
	counts := make([]int, len(names))
	for _, part := range []*data.Part{&p.Train, &p.Validation, &p.Test} {
		part.Y = tensor.New(len(part.Rows), 1)
		for i, n := range part.Rows {
			part.Y.Data[i] = float32(class[n])
		}
	}
	for _, n := range p.Train.Rows {
		counts[class[n]]++
	}
	p.Config.Light = p.dark()
	config, err := json.Marshal(p.Config)
	if err != nil {
		panic("image: a configuration of numbers always encodes: " + err.Error())
	}
	p.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{},
		Medium: &data.Medium{Kind: data.MediumImage, Shape: p.shape(), Config: config},
		Output: data.Output{Name: "class", Task: data.TaskClassification, Kind: data.KindCategory, Labels: names, Counts: counts, Scale: 1}}
	p.Prepared.Setup = data.Setup{Target: "class", Task: data.TaskClassification, Split: setup.Split, Columns: []data.ColumnSetup{}}
	for k, n := range counts {
		if n < 5 {
			p.Notices = append(p.Notices, data.Notice{Code: data.NoticeRareClass, Message: fmt.Sprintf("Of “%s” only %d pictures are learned from: too few to learn it well.", names[k], n)})
		}
	}
}

// dark tells whether the pictures of the training part mostly have a dark edge.
func (p *Prepared) dark() bool {
	size := p.Config.width * p.Config.height * p.Config.channels
	dark, n := 0, 0
	for i := 0; i < len(p.pix); i += size {
		q := Picture{p.Config.width, p.Config.height, p.Config.channels, p.pix[i : i+size]}
		ground := q.edge()
		if ground[0] < 128 {
			dark++
		}
		n++
	}
	return 2*dark > n
}

// overlap counts what is learned from and asked for as well.
func (p *Prepared) overlap(s *Set) {
	learned := make(map[[32]byte]bool, len(p.Train.Rows))
	for _, n := range p.Train.Rows {
		learned[s.pictures[n].hash] = true
	}
	for _, part := range []data.Part{p.Validation, p.Test} {
		for _, n := range part.Rows {
			if learned[s.pictures[n].hash] {
				p.Between++
			}
		}
	}
	if p.Between > 0 {
		p.Notices = append(p.Notices, data.Notice{Code: data.NoticeLeak, Message: fmt.Sprintf("%d pictures that the model is tested with are, to the pixel, among those it learns from: its score will be too good. Take the copies out.", p.Between)})
	}
}

// Rows returns how many pictures are learned from.
func (p *Prepared) Rows() int { return len(p.Train.Rows) }

// Fill writes pictures of the training part as rows of the network's input, one behind
// the other: rows are their places in the part. With a stream they are augmented, each by
// numbers of its own, seeded by one of the stream's and its place; nil leaves them as they
// are.
func (p *Prepared) Fill(dst []float32, rows []int, stream *rand.PCG) {
	c := p.Config
	size := c.width * c.height * c.channels
	for i, row := range rows {
		to, pix := dst[i*size:(i+1)*size], p.pix[row*size:(row+1)*size]
		if stream == nil || !p.Setup.Augment.Active() {
			c.scale(to, pix)
			continue
		}
		var own rand.PCG
		own.Seed(stream.Uint64(), uint64(row))
		p.Setup.Augment.apply(to, pix, c.width, c.height, c.channels, &own)
		c.normalise(to)
	}
}

// Pixels are those of the training part, one picture behind the other, as the network sees
// them before they are augmented.
func (p *Prepared) Pixels() []byte { return p.pix }

// Restore puts a prepared set together again from what was kept of it: the parts, whose
// training part has no X, and the training part's pixels. It fails with code "format" for
// what does not belong together.
func Restore(parts *data.Prepared, setup Setup, pixels []byte) (*Prepared, error) {
	config, err := Read(parts.Pipeline)
	if err != nil {
		return nil, err
	}
	if err := setup.check(); err != nil {
		return nil, err
	}
	if setup.Width != config.width || setup.Height != config.height || setup.Channels != config.channels ||
		len(pixels) != config.width*config.height*config.channels*len(parts.Train.Rows) {
		return nil, tensor.Errorf(tensor.CodeFormat, "the kept pictures are not of the size that their description says")
	}
	return &Prepared{Prepared: parts, Config: config, Setup: setup, pix: pixels}, nil
}

// Bytes is the memory of the training part.
func (p *Prepared) Bytes() int64 { return int64(len(p.pix)) }

// Augmented returns what becomes of a picture, for the eye: the same for the same seed. It
// fails with code "option" for a setup that makes no sense.
func (s *Setup) Augmented(p *Picture, seed uint64) (*Picture, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	p = p.within(KeptSide).as(s.Channels).fitted(s.Width, s.Height, s.Fit)
	var own rand.PCG
	own.Seed(seed, 0)
	values := make([]float32, len(p.Pix))
	s.Augment.apply(values, p.Pix, p.Width, p.Height, p.Channels, &own)
	q := newPicture(p.Width, p.Height, p.Channels)
	for i, v := range values {
		q.Pix[i] = byte(min(max(v, 0), 255) + 0.5)
	}
	return q, nil
}
