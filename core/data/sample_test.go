package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// sampleDigest is the SHA-256 of all features and targets, little-endian.
func sampleDigest(p *Prepared) string {
	h := sha256.New()
	for _, part := range []Part{p.Train, p.Validation, p.Test} {
		_ = binary.Write(h, binary.LittleEndian, part.X.Data)
		_ = binary.Write(h, binary.LittleEndian, part.Y.Data)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// The bits of the sample sets and of what training sees of them (contract C1): the
// same on every machine. They change only with the numerics version.
func TestSamples(t *testing.T) {
	bits := map[string][2]string{
		"garden": {"943cdcaf77287040", "2642f09437896410"},
		"houses": {"372bd6d03e96786f", "5f440027b8563133"},
		"churn":  {"8a9ea62f7d2970ad", "f2180c556417ad3c"},
	}
	require.Len(t, Samples(), len(bits))
	for _, info := range Samples() {
		t.Run(info.Name, func(t *testing.T) {
			text, err := Sample(info.Name)
			require.NoError(t, err)
			table, err := ReadTable(bytes.NewReader(text), ReadOptions{Name: info.Name + ".csv", Size: int64(len(text))})
			require.NoError(t, err)
			require.Equal(t, info.Rows, table.Rows())
			require.Equal(t, info.Target, table.Profile().Target)
			s, err := table.Suggest("", nil)
			require.NoError(t, err)
			require.Equal(t, info.Task, s.Task)
			missing := 0
			for i, c := range s.Columns {
				require.False(t, c.Leak, c.Reason)
				missing += table.Profile().Columns[i].Missing
			}
			require.Positive(t, missing)
			p := prepare(t, table, s)
			require.Empty(t, p.Leaks)
			sum := sha256.Sum256(text)
			require.Equal(t, bits[info.Name], [2]string{hex.EncodeToString(sum[:])[:16], sampleDigest(p)})
		})
	}
	_, err := Sample("zoo")
	requireError(t, err, "option", 0, "“garden”, “houses”, “churn”")
}
