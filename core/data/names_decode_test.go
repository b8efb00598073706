package data

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestNamesInArchives(t *testing.T) {
	assert.Len(t, dosLetters, 128)
	for _, c := range []struct {
		names, want []string
		decode      Decoder
	}{
		{[]string{"a/b.png", "größe/1.png"}, []string{"a/b.png", "größe/1.png"}, nil},
		{[]string{"B\x84ume/1.png", "Caf\x82/2.png", "Stra\xE1e"}, []string{"Bäume/1.png", "Café/2.png", "Straße"}, cyrillic(t)},
		{[]string{"\xCA\xEE\xF8\xEA\xE8/1.png", "plain", "\xD1\xEE\xE1\xE0\xEA\xE8/2.png"}, []string{"Кошки/1.png", "plain", "Собаки/2.png"}, cyrillic(t)},
	} {
		DecodeNames(c.names, c.decode)
		assert.Equal(t, c.want, c.names)
	}
	// Chinese names without a decoder cannot be read, and are still two.
	names := []string{"\xB0\xD7\xCC\xEC/1.jpg", "\xD2\xB9\xCD\xED/1.jpg"}
	DecodeNames(names, nil)
	assert.NotEqual(t, names[0], names[1])
	assert.False(t, slices.ContainsFunc(names, func(s string) bool { return !utf8.ValidString(s) }))
}
