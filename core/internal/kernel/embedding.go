package kernel

// Embedding copies for each index the row of table[words, n] that it names to y. What
// is no whole number below words is cut to one that is; below 0, above, and NaN name no
// row, and give zeros.
func Embedding(words, n int, y, index, table []float32) {
	for i, v := range index {
		row := y[i*n : i*n+n]
		if k, ok := wordOf(v, words); ok {
			copy(row, table[k*n:k*n+n])
		} else {
			Fill(row, 0)
		}
	}
}

// EmbeddingGrad computes the gradient of the table: for each row of dy, in ascending
// order, d[index] += dy, from zeros on.
func EmbeddingGrad(words, n int, d, dy, index []float32) {
	Fill(d[:words*n], 0)
	for i, v := range index {
		if k, ok := wordOf(v, words); ok {
			Accumulate(d[k*n:k*n+n], dy[i*n:i*n+n])
		}
	}
}

// wordOf converts an index, if it is in range: only then is the conversion the same on
// every machine.
func wordOf(v float32, words int) (k int, ok bool) {
	if !(v >= 0 && v < float32(words)) {
		return 0, false
	}
	return min(int(v), words-1), true
}
