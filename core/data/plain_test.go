package data

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeText(t *testing.T) {
	wide := func(text string, big bool) []byte {
		var b []byte
		for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(text))...) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return b
	}
	long := strings.Repeat("Grüße, 你好 🌱\r\n", 20_000)
	for _, c := range []struct {
		file           []byte
		text, encoding string
	}{
		{[]byte("\xEF\xBB\xBFcafé\n"), "café\n", "UTF-8"},
		{nil, "", "UTF-8"},
		{[]byte("caf\xe9 \x80"), "café €", "Windows-1252"},
		{wide(long, false), long, "UTF-16LE"},
		{wide(long, true), long, "UTF-16BE"},
	} {
		text, encoding, err := DecodeText(c.file, nil)
		require.NoError(t, err)
		assert.Equal(t, c.text, text)
		assert.Equal(t, c.encoding, encoding)
	}
	_, _, err := DecodeText([]byte("%PDF-1.7"), nil)
	assert.ErrorContains(t, err, "PDF")
	_, _, err = DecodeText([]byte("one\ntwo\x00"), nil)
	assert.ErrorContains(t, err, "Line 2 holds a zero byte")
}
