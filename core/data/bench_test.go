package data

import (
	"bytes"
	"testing"
)

func BenchmarkReadTable(b *testing.B) {
	text := gemText(50000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadTable(bytes.NewReader(text), ReadOptions{Size: int64(len(text))}); err != nil {
			b.Fatal(err)
		}
	}
}
