package page

import (
	"archive/zip"
	"bytes"
)

// An archived file is one of a zip.
type archived struct {
	name    string
	content []byte
}

// archive packs files, uncompressed: weights hardly shrink. Equal files give equal bytes.
func archive(files ...archived) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}
