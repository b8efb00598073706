package safetensors

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file that is cut off at any byte is refused.
func TestTruncated(t *testing.T) {
	data := encode(t, small())
	for n := range data {
		refused(t, data[:n], Limits{})
	}
	_, err := Read(bytes.NewReader(data), Limits{})
	require.NoError(t, err)
}

// A bit that is flipped in the header is either refused or changes what the header
// says (a letter of a name): it never gives the same file, and never a panic.
func TestHeaderBitFlips(t *testing.T) {
	data := encode(t, small())
	header := 8 + int(binary.LittleEndian.Uint64(data))
	refusals := 0
	for bit := range header * 8 {
		damaged := bytes.Clone(data)
		damaged[bit/8] ^= 1 << (bit % 8)
		f, err := ReadBytes(damaged, Limits{})
		fromReader, readerErr := Read(bytes.NewReader(damaged), Limits{})
		require.Equal(t, err, readerErr)
		require.Equal(t, f, fromReader)
		if err != nil {
			refusals++
			continue
		}
		require.NotEqual(t, data, encode(t, f), "bit %d of byte %d", bit%8, bit/8)
	}
	require.Greater(t, refusals, header*8/2)
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, small()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte{})
	f.Add(file("{}", 0))
	f.Add(file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4))
	f.Add(file(`{"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[0],"data_offsets":[8,8]}}  `, 8))
	f.Add(file(`{"__metadata__":{"a":"\u00e4"},"a":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]}}`, 4))
	f.Add(file(`{"a":[[[[[[[[`, 0))
	f.Add(binary.LittleEndian.AppendUint64(nil, 1<<63))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadBytes(data, Limits{MaxHeader: 1 << 20, MaxBytes: 1 << 20})
		again, readerErr := Read(bytes.NewReader(data), Limits{MaxHeader: 1 << 20, MaxBytes: 1 << 20})
		require.Equal(t, err, readerErr)
		require.Equal(t, got, again)
		if err != nil {
			require.Nil(t, got)
			return
		}
		for i := range got.Tensors {
			_, _, _ = got.Tensors[i].Float32()
		}
		// What was read can be written, and is then at a fixed point.
		written := encode(t, got)
		reread, err := ReadBytes(written, Limits{})
		require.NoError(t, err)
		require.Equal(t, written, encode(t, reread))
	})
}
