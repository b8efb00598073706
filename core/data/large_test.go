package data

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A stream gives rows until it gave so many bytes: a file that no test has to store.
type stream struct {
	left, row int
	unread    []byte
}

func (s *stream) Read(p []byte) (int, error) {
	for len(s.unread) < len(p) && s.left > 0 {
		i := s.row
		line := fmt.Appendf(nil, "0.%02d,%s,%c,%d.%d,%d,%d.%02d\n", i%97, [...]string{"Ideal", "Premium", "Fair"}[i%3], 'D'+i*17%7, 55+i%15, i%10, 300+i*7919%18000, i%9, i*3%100)
		if i == 0 {
			line = []byte("carat,cut,colour,depth,price,x\n")
		}
		s.unread = append(s.unread, line...)
		s.left -= len(line)
		s.row++
	}
	if len(s.unread) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.unread)
	s.unread = append(s.unread[:0], s.unread[n:]...)
	return n, nil
}

// A file of 200 MB that would not fit is refused while hardly any of it has been read,
// with an estimate of what it would have taken.
func TestLargeFileIsRefusedEarly(t *testing.T) {
	const whole, part, limit = 200 << 20, 20 << 20, 256 << 20
	s := &stream{left: whole}
	_, err := ReadTable(s, ReadOptions{Size: whole, MaxBytes: limit})
	var refusal *tensor.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, tensor.CodeMemory, refusal.Code)
	require.Less(t, whole-s.left, 2<<20, "bytes read before it was refused")
	said := regexp.MustCompile(`about (\d+) MB of memory \(the file has 200 MB\); at most 256 MB`).FindStringSubmatch(refusal.Message)
	require.NotNil(t, said, refusal.Message)
	estimate, err := strconv.Atoi(said[1])
	require.NoError(t, err)
	// With a quarter more than that it is read, with two thirds of it it is not.
	share := int64(estimate) << 20 / (whole / part)
	_, err = ReadTable(&stream{left: part}, ReadOptions{Size: part, MaxBytes: share * 5 / 4})
	require.NoError(t, err)
	_, err = ReadTable(&stream{left: part}, ReadOptions{MaxBytes: share * 2 / 3})
	require.ErrorAs(t, err, &refusal)

	// Of unknown size, or with more in it than its beginning promised, it is refused on the way.
	s = &stream{left: whole}
	_, err = ReadTable(s, ReadOptions{MaxBytes: 16 << 20})
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, tensor.CodeMemory, refusal.Code)
	require.Less(t, whole-s.left, 16<<20)
}
