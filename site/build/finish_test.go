package build

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A program that is given its memory says how large it must be, and runs in it.
func TestProgramsRunInAMemoryThatTheyAreGiven(t *testing.T) {
	before := linked(t)
	alone, err := finish(before, false)
	require.NoError(t, err)
	shared, err := finish(before, true)
	require.NoError(t, err)

	m, err := parseModule(shared)
	require.NoError(t, err)
	assert.Nil(t, m.section(memorySection))
	at := slices.IndexFunc(m.sections, func(s wasmSection) bool {
		return s.id == customSection && len(s.content) == 10 && string(s.content[:6]) == "\x05pages"
	})
	require.GreaterOrEqual(t, at, 0)
	pages := uint64(binary.LittleEndian.Uint32(m.sections[at].content[6:]))

	memory := append([]byte{1, 0}, binary.AppendUvarint(nil, pages)...)
	owner := wasmModule{sections: []wasmSection{{memorySection, memory}, {7, append([]byte("\x01\x06memory"), 2, 0)}}}
	assert.Equal(t, ran(t, alone, nil), ran(t, shared, map[string][]byte{"terrarium": owner.bytes()}))
	assert.True(t, isFinished(shared))
}

// What writes the lookup table counts, from where it is told on.
func TestCountUp(t *testing.T) {
	m := &wasmModule{sections: []wasmSection{
		{typeSection, []byte{0}}, {importSection, []byte{0}}, {functionSection, []byte{0}}, {memorySection, []byte{1, 0, 1}},
		{7, append([]byte("\x01\x06memory"), 2, 0)}, {codeSection, []byte{0}},
	}}
	require.NoError(t, m.start(countUp(200, 320, 150)))
	memory := remembered(t, m.bytes())
	for i := range uint32(150) {
		assert.Equal(t, i, binary.LittleEndian.Uint32(memory[200+320*i:]))
	}
	assert.Zero(t, binary.LittleEndian.Uint32(memory[200+320*150:]))
	assert.ErrorIs(t, m.start(nil), errModule, "one start function is all there can be")
}
