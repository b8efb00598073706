package bindings

// A blobAt reads a blob anywhere, piece by piece, so that much of it can be cancelled.
type blobAt struct {
	job  *job
	blob Blob
}

func (b blobAt) ReadAt(p []byte, off int64) (int, error) {
	read := 0
	for read < len(p) {
		piece := p[read:min(len(p), read+blobPiece)]
		if err := b.job.outside(func() error { return b.blob.ReadAt(piece, off+int64(read)) }); err != nil {
			return read, err
		}
		read += len(piece)
		if err := b.job.breathe(); err != nil {
			return read, err
		}
	}
	return read, nil
}
