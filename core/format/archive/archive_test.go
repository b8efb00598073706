package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// zipped is an archive by the library.
func zipped(t testing.TB, method uint16, files ...File) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: method})
		require.NoError(t, err)
		_, err = w.Write(f.Content)
		require.NoError(t, err)
	}
	require.NoError(t, z.SetComment("a comment"))
	require.NoError(t, z.Close())
	return b.Bytes()
}

func code(err error) string {
	if e, ok := err.(*tensor.Error); ok {
		return e.Code
	}
	return ""
}

var some = []File{{"model.json", []byte(`{"a":1}`)}, {"größe/weights.bin", bytes.Repeat([]byte{1, 2, 3}, 5000)}, {"empty", []byte{}}}

func TestReadsWhatTheLibraryWrites(t *testing.T) {
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		got, err := Read(zipped(t, method, append([]File{{Name: "folder/"}}, some...)...), 1<<20)
		require.NoError(t, err)
		require.Equal(t, some, got)
	}
}

func TestTheLibraryReadsWhatWeWrite(t *testing.T) {
	file := Write(some...)
	require.True(t, Is(file))
	require.Equal(t, file, Write(some...))
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	require.Len(t, z.File, len(some))
	for i, f := range z.File {
		require.Equal(t, some[i].Name, f.Name)
		require.Equal(t, 1980, f.Modified.Year())
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, some[i].Content, content)
	}
	again, err := Read(file, 1<<20)
	require.NoError(t, err)
	require.Equal(t, some, again)
}

func TestBombsAreRefused(t *testing.T) {
	bomb := zipped(t, zip.Deflate, File{"a", make([]byte, 64<<20)})
	require.Less(t, len(bomb), 1<<17)
	_, err := Read(bomb, 1<<20)
	require.Equal(t, tensor.CodeMemory, code(err))
	// One that says it is small: no more is unpacked than it says.
	at := bytes.LastIndex(bomb, binary.LittleEndian.AppendUint32(nil, entryMark))
	binary.LittleEndian.PutUint32(bomb[at+24:], 100)
	before := testing.AllocsPerRun(1, func() { _, err = Read(bomb, 1<<20) })
	require.Equal(t, tensor.CodeFormat, code(err))
	require.Less(t, before, 100.0)
	// Many that are small.
	_, err = Read(zipped(t, zip.Deflate, File{"a", make([]byte, 600<<10)}, File{"b", make([]byte, 600<<10)}), 1<<20)
	require.Equal(t, tensor.CodeMemory, code(err))
}

func TestDamageIsSeen(t *testing.T) {
	file := zipped(t, zip.Deflate, some...)
	for n := range len(file) {
		_, err := Read(file[:n], 1<<20)
		require.Error(t, err, n)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		bad := bytes.Clone(file)
		bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
		if files, err := Read(bad, 1<<20); err == nil {
			for i, f := range files { // a bit that no content hangs on
				require.Equal(t, some[i].Content, f.Content)
			}
		} else {
			require.Contains(t, []string{tensor.CodeFormat, tensor.CodeUnsupported, tensor.CodeMemory}, code(err))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(zipped(f, zip.Deflate, some...))
	f.Add(Write(some...))
	f.Fuzz(func(t *testing.T, file []byte) {
		files, err := Read(file, 1<<16)
		if err != nil {
			require.NotEmpty(t, code(err))
			return
		}
		total := 0
		for _, file := range files {
			total += len(file.Content)
		}
		require.LessOrEqual(t, total, 1<<16)
	})
}
