package image

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func fileOf(path string, content []byte) File {
	return File{Path: path, Size: int64(len(content)), Data: bytes.NewReader(content)}
}

func add(t testing.TB, s *Set, path string, content []byte) {
	t.Helper()
	require.NoError(t, s.Add(fileOf(path, content)))
}

func classes(s *Set) map[string]int {
	counts := map[string]int{}
	for _, c := range s.Profile().Classes {
		counts[c.Name] = len(c.Pictures)
	}
	return counts
}

func TestFoldersAreClasses(t *testing.T) {
	s := NewSet(Options{})
	add(t, s, "pets/cats/1.png", pngOf(t, corners(8, 8)))
	add(t, s, "pets/cats/2.jpg", jpegWith(t, corners(9, 8), nil))
	add(t, s, "dogs/1.png", pngOf(t, corners(8, 9)))
	add(t, s, "alone.png", pngOf(t, corners(8, 10)))
	add(t, s, "dogs/.DS_Store", []byte("x"))
	add(t, s, "__MACOSX/dogs/1.png", []byte("x"))
	add(t, s, "dogs/notes.txt", []byte("no picture"))
	add(t, s, "dogs/photo.heic", []byte("\x00\x00\x00\x20ftypheic0000"))
	require.Equal(t, map[string]int{"cats": 2, "dogs": 1, NoClass: 1}, classes(s))
	p := s.Profile()
	require.Equal(t, 4, p.Pictures)
	require.Len(t, p.Skipped, 2)
	require.Equal(t, "dogs/notes.txt", p.Skipped[0].Name)
	require.Contains(t, p.Skipped[1].Reason, "HEIC")
	require.False(t, p.Grey)
	require.Equal(t, [2]int{9, 10}, [2]int{p.Width, p.Height})
}

func TestEditing(t *testing.T) {
	s := NewSet(Options{})
	for i := range 3 {
		for _, class := range []string{"10", "9", "b", "a"} {
			_, err := s.AddPicture(grey(1, 1, byte(i)), "", class)
			require.NoError(t, err)
		}
	}
	names, _ := s.labels()
	require.Equal(t, []string{"9", "10", "a", "b"}, names)
	before := s.Fingerprint()
	require.NoError(t, s.Remove(0, false))
	require.NotEqual(t, before, s.Fingerprint())
	p, _, _ := s.Picture(0)
	require.Nil(t, p)
	require.NoError(t, s.Remove(0, true))
	require.Equal(t, before, s.Fingerprint())

	require.NoError(t, s.Rename("a", "apple"))
	require.NoError(t, s.Rename("b", "apple"))
	require.NoError(t, s.Move(0, "pear"))
	require.Equal(t, map[string]int{"9": 3, "10": 2, "apple": 6, "pear": 1}, classes(s))
	require.Error(t, s.Rename("b?", "x"))
	require.Error(t, s.Rename("9", "  "))
	require.Error(t, s.Move(99, "x"))
	require.Error(t, s.Remove(-1, false))
	_, err := s.AddPicture(grey(1, 1, 0), "", " ")
	require.Error(t, err)
}

func TestCopiesAreFound(t *testing.T) {
	s := NewSet(Options{})
	add(t, s, "a/1.png", pngOf(t, corners(8, 8)))
	add(t, s, "a/2.png", pngOf(t, corners(8, 8)))
	add(t, s, "b/3.png", pngOf(t, corners(8, 8)))
	add(t, s, "b/4.png", pngOf(t, corners(10, 8)))
	p := s.Profile()
	require.Equal(t, []Copy{{1, 0}, {2, 0}}, p.Copies)
	require.Equal(t, 1, p.Clashes)
	require.NoError(t, s.Remove(0, false))
	require.Equal(t, []Copy{{2, 1}}, s.Profile().Copies)
}

func zipOf(t testing.TB, files map[string][]byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, path := range sortedKeys(files) {
		f, err := w.Create(path)
		require.NoError(t, err)
		_, err = f.Write(files[path])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func sortedKeys(m map[string][]byte) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestZip(t *testing.T) {
	picture := pngOf(t, corners(8, 8))
	file := zipOf(t, map[string][]byte{"x/cats/1.png": picture, `x\dogs\2.png`: pngOf(t, corners(9, 9)), "loose.png": pngOf(t, corners(7, 7)),
		"x/cats/bad.png": picture[:20], "inner.zip": zipOf(t, nil), "x/cats/": nil})
	s := NewSet(Options{})
	add(t, s, "animals.zip", file)
	require.Equal(t, map[string]int{"cats": 1, "dogs": 1, "animals": 1}, classes(s))
	skipped := s.Profile().Skipped
	require.Len(t, skipped, 2)
	require.Equal(t, "animals.zip/inner.zip", skipped[0].Name)
	require.Equal(t, "animals.zip/x/cats/bad.png", skipped[1].Name)
	add(t, s, "broken.zip", file[:50])
	require.Contains(t, s.Profile().Skipped[2].Reason, "damaged zip")
}

// Archives that begin with something else, are stored, locked, hurt or very long.
func TestOddZips(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "a/1.png", Method: zip.Store})
	require.NoError(t, err)
	_, err = f.Write(pngOf(t, corners(8, 8)))
	require.NoError(t, err)
	require.NoError(t, w.SetComment("a comment"))
	require.NoError(t, w.Close())
	stored := b.Bytes()
	s := NewSet(Options{})
	add(t, s, "s.zip", append([]byte("a program that unpacks itself"), stored...))
	require.Equal(t, map[string]int{"a": 1}, classes(s))

	for what, hurt := range map[string]func(b []byte){
		"password":           func(b []byte) { b[bytes.Index(b, []byte("PK\x01\x02"))+8] |= 1 },
		"does not know (99)": func(b []byte) { b[bytes.Index(b, []byte("PK\x01\x02"))+10] = 99 },
		"damaged within":     func(b []byte) { b[60] ^= 1 },
		"not where the":      func(b []byte) { b[0] = 'X' },
		"cut off":            func(b []byte) { b[bytes.Index(b, []byte("PK\x01\x02"))+29] = 9 },
		"its directory":      func(b []byte) { b[bytes.Index(b, []byte("PK\x05\x06"))+13] = 99 },
		"its end is missing": func(b []byte) { b[bytes.Index(b, []byte("PK\x05\x06"))] = 'X' },
	} {
		s := NewSet(Options{})
		broken := bytes.Clone(stored)
		hurt(broken)
		add(t, s, "s.zip", broken)
		require.Empty(t, classes(s), what)
		require.Contains(t, s.Profile().Skipped[0].Reason, what)
	}

	many := map[string][]byte{}
	for i := range 66_000 {
		many[fmt.Sprintf("%05d/", i)] = nil
	}
	many["z/1.png"] = pngOf(t, corners(8, 8))
	list, err := members(bytes.NewReader(zipOf(t, many)), int64(len(zipOf(t, many))))
	require.NoError(t, err)
	require.Len(t, list, 66_001)
	require.Equal(t, "z/1.png", list[66_000].path)
}

// An archive that unpacks to far more than it has room for is refused before it does.
func TestZipBomb(t *testing.T) {
	s := NewSet(Options{Room: 1 << 20})
	err := s.Add(fileOf("bomb.zip", zipOf(t, map[string][]byte{"a/1.png": make([]byte, 4<<20)})))
	require.ErrorContains(t, err, "no room")
	s = NewSet(Options{})
	add(t, s, "bomb.zip", zipOf(t, map[string][]byte{"a/1.png": make([]byte, MaxFileBytes+1)}))
	require.Contains(t, s.Profile().Skipped[0].Reason, "more than 64 MB")
}

func idxOf(dimensions []uint32, values ...byte) []byte {
	b := []byte{0, 0, 8, byte(len(dimensions))}
	for _, d := range dimensions {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, values...)
}

func gzipped(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestIDX(t *testing.T) {
	pictures := idxOf([]uint32{3, 2, 2}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	labels := idxOf([]uint32{3}, 7, 1, 7)
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		s := NewSet(Options{})
		files := []File{fileOf("t-images-idx3-ubyte.gz", gzipped(t, pictures)), fileOf("t-labels-idx1-ubyte", labels)}
		for _, i := range order {
			require.NoError(t, s.Add(files[i]))
		}
		s.Flush()
		require.Equal(t, map[string]int{"7": 2, "1": 1}, classes(s))
		p, class, _ := s.Picture(1)
		require.Equal(t, &Picture{2, 2, 1, []byte{4, 5, 6, 7}}, p)
		require.Equal(t, "1", class)
		require.Empty(t, s.Profile().Skipped)
	}
	s := NewSet(Options{})
	add(t, s, "t-images-idx3-ubyte", pictures)
	s.Flush()
	require.Contains(t, s.Profile().Skipped[0].Reason, "without labels")
	add(t, s, "short-images-idx3-ubyte", pictures[:20])
	require.Contains(t, s.Profile().Skipped[1].Reason, "its header says 12")
}

func TestCSVOfPixels(t *testing.T) {
	s := NewSet(Options{})
	add(t, s, "train.csv", []byte("label,p0,p1,p2,p3\r\n5,0,1,2,255\r\n\r\n6,9, 9,9,9\r\n"))
	require.Equal(t, map[string]int{"5": 1, "6": 1}, classes(s))
	p, _, _ := s.Picture(0)
	require.Equal(t, []byte{0, 1, 2, 255}, p.Pix)
	for content, want := range map[string]string{
		"a,b,c\n1,2,3\n":                "3 columns",
		"l,0,0,0,0\n1,2,3,4,5\n1,2,3\n": "line 3 with another number",
		"1,2,3,4,5\n1,2,3,4,256\n":      "line 2 with a pixel",
	} {
		s := NewSet(Options{})
		add(t, s, "x.csv", []byte(content))
		require.Contains(t, s.Profile().Skipped[0].Reason, want)
	}
}

func TestNoRoom(t *testing.T) {
	s := NewSet(Options{Room: 1000})
	err := s.Add(fileOf("a/1.png", pngOf(t, corners(100, 100))))
	require.NoError(t, err)
	require.Contains(t, s.Profile().Skipped[0].Reason, "too large")
	for i := 0; err == nil; i++ {
		_, err = s.AddPicture(newPicture(10, 10, 1), "", "a")
		require.Less(t, i, 5)
	}
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeMemory, e.Code)
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestAFileThatIsGoneIsNamed(t *testing.T) {
	s := NewSet(Options{})
	require.NoError(t, s.Add(File{Path: "a/1.png", Size: 9, Data: failing{errors.New("moved")}}))
	require.Contains(t, s.Profile().Skipped[0].Reason, "moved")
	require.ErrorContains(t, s.Add(File{Path: "a/1.png", Size: 9, Data: failing{tensor.Errorf(tensor.CodeAborted, "stopped")}}), "stopped")
}

// MNIST, as it is passed on.
func TestMNISTFiles(t *testing.T) {
	s := mnist(t)
	p := s.Profile()
	require.Equal(t, 10_000, p.Pictures)
	require.Len(t, p.Classes, 10)
	require.True(t, p.Grey)
	require.Empty(t, p.Skipped)
	setup := s.Suggest()
	require.Equal(t, []int{28, 28, 1}, []int{setup.Width, setup.Height, setup.Channels})
}

func mnist(t testing.TB) *Set {
	t.Helper()
	dir := os.Getenv("TERRARIUM_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		why := "not run: " + t.Name() + " needs the folder of real data sets, TERRARIUM_DATA"
		fmt.Println(why)
		t.Skip(why)
	}
	s := NewSet(Options{})
	for _, name := range []string{"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"} {
		b, err := os.ReadFile(filepath.Join(dir, "mnist", name))
		require.NoError(t, err)
		add(t, s, name, b)
	}
	s.Flush()
	return s
}

func FuzzZip(f *testing.F) {
	f.Add(zipOf(f, map[string][]byte{"a/1.png": pngOf(f, corners(3, 3)), "b/2.csv": []byte("1,2,3,4,5\n")}))
	f.Fuzz(func(t *testing.T, file []byte) { fuzzAdd(t, "f.zip", file) })
}

func FuzzIDX(f *testing.F) {
	f.Add(idxOf([]uint32{1, 2, 2}, 1, 2, 3, 4))
	f.Add(idxOf([]uint32{2}, 1, 2))
	f.Fuzz(func(t *testing.T, file []byte) {
		s := fuzzAdd(t, "f-images-ubyte", file)
		require.NoError(t, s.Add(fileOf("f-labels-ubyte", idxOf([]uint32{1}, 3))))
		s.Flush()
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("label,a,b,c,d\n1,2,3,4,5\n"))
	f.Fuzz(func(t *testing.T, file []byte) { fuzzAdd(t, "f.csv", file) })
}

// fuzzAdd: whatever a file holds, it is taken, or listed with a reason.
func fuzzAdd(t *testing.T, path string, file []byte) *Set {
	s := NewSet(Options{Room: 1 << 24})
	err := s.Add(fileOf(path, file))
	var e *tensor.Error
	if err != nil && !errors.As(err, &e) && err != io.EOF {
		t.Fatal(err)
	}
	for _, k := range s.Profile().Skipped {
		require.False(t, strings.TrimSpace(k.Reason) == "")
	}
	return s
}

// Programs of other countries write names in letters of their own: classes must not run
// together, as bytes that nobody could read would.
func TestZipWithForeignNames(t *testing.T) {
	file := zipOf(t, map[string][]byte{"\xB0\xD7\xCC\xEC/1.png": pngOf(t, corners(8, 8)), "\xD2\xB9\xCD\xED/1.png": pngOf(t, corners(9, 9)), "H\x84user/1.png": pngOf(t, corners(7, 7))})
	s := NewSet(Options{})
	add(t, s, "photos.zip", file)
	require.Len(t, classes(s), 3)
	s = NewSet(Options{Decoder: func(encoding string, r io.Reader) io.Reader {
		require.Equal(t, "GB18030", encoding)
		name, err := io.ReadAll(r)
		require.NoError(t, err)
		if bytes.HasPrefix(name, []byte("\xB0\xD7")) {
			return strings.NewReader("白天/1.png")
		}
		return strings.NewReader("夜晚/1.png")
	}})
	add(t, s, "photos.zip", zipOf(t, map[string][]byte{"\xB0\xD7\xCC\xEC/1.png": pngOf(t, corners(8, 8)), "\xD2\xB9\xCD\xED/1.png": pngOf(t, corners(9, 9))}))
	require.Equal(t, map[string]int{"白天": 1, "夜晚": 1}, classes(s))
}
