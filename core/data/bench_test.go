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

// The whole road: read, typed, described, decided, split, fitted, encoded.
func BenchmarkWholeRoad(b *testing.B) {
	text := gemText(50000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		table, err := ReadTable(bytes.NewReader(text), ReadOptions{Size: int64(len(text))})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := table.Prepare(Setup{Target: "price"}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	p := zooPipeline(b)
	x, row := make([]float32, p.Features()), make([]float32, len(p.Inputs))
	b.ReportAllocs()
	for b.Loop() {
		p.Encode(x, row)
	}
}
