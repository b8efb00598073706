package card

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"math"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// fingerprintPiece is how many values are taken between two pauses.
const fingerprintPiece = 1 << 14

// Fingerprint is the SHA-256 of what a model learns from, as it reaches the network: the
// fitted pipeline, the training part and the validation part (which may decide when
// training ends), to the bit. Beside stands for data that are no tensors: pixels, and how
// they are augmented. The test part is not in it: nothing of it reaches a weight.
//
// Pause is called now and then, and its error ends the work; nil: nobody waits.
func Fingerprint(p *data.Prepared, pause func() error, beside ...[]byte) (string, error) {
	pipeline, err := json.Marshal(p.Pipeline)
	if err != nil {
		return "", err
	}
	h := digest.New()
	io.WriteString(h, "terrarium data 1\n")
	length := func(n int) {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
	length(len(pipeline))
	h.Write(pipeline)
	buffer := make([]byte, 0, 4*fingerprintPiece)
	for _, t := range []*tensor.Tensor{p.Train.X, p.Train.Y, p.Validation.X, p.Validation.Y} {
		if t == nil {
			length(0)
			continue
		}
		length(len(t.Data))
		for values := t.Data; len(values) > 0; {
			n := min(fingerprintPiece, len(values))
			buffer = buffer[:0]
			for _, v := range values[:n] {
				buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
			}
			h.Write(buffer)
			values = values[n:]
			if err := rest(pause); err != nil {
				return "", err
			}
		}
	}
	for _, b := range beside {
		length(len(b))
		for len(b) > 0 {
			n := min(4*fingerprintPiece, len(b))
			h.Write(b[:n])
			b = b[n:]
			if err := rest(pause); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func rest(pause func() error) error {
	if pause == nil {
		return nil
	}
	return pause()
}
