package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A product and a sum that Go fuses, with the cure beside it. An instruction set
// that stopped fusing would make the check worthless, and this test fail.
const products = `package p

func Single(a, b, c float32) float32 { return a*b + c }

func Double(a, b, c float64) float64 { return a*b + c }

func Apart(a, b, c float32) float32 { return float32(a*b) + c }
`

func TestFusedFindsProducts(t *testing.T) {
	root := t.TempDir()
	write(t, root, "go.mod", "module example.org/p\n\ngo 1.27\n")
	write(t, root, "p.go", products)
	for _, machine := range fusing {
		found, err := fusedOn(root, machine, ".")
		require.NoError(t, err)
		lines := map[int]bool{}
		for _, f := range found {
			lines[f.line] = true
			assert.Contains(t, f.file, "p.go")
		}
		assert.Equal(t, map[int]bool{3: true, 5: true}, lines, "%s: %v", machine, found)
	}
}

// The instructions as the compiler spells them, and some that are none.
func TestInstruction(t *testing.T) {
	for line, want := range map[string]bool{
		"\t0x0000 00000 (/p/a.go:3)\tFMADDS\tF0, F2, F1, F0":            true,
		"\t0x0000 00000 (/p/a.go:3)\tFNMSUBD\tF0, F2, F1, F0":           true,
		"\t0x0000 00000 (/p/a.go:3)\tVFMLA\tV0.S4, V1.S4, V2.S4":        true,
		"\t0x0000 00000 (/p/a.go:3)\tVFMLS\tV0.S4, V1.S4, V2.S4":        true,
		"\t0x0000 00000 (/p/a.go:3)\tVFMADD231SS\tX1, X0, X2":           true,
		"\t0x0000 00000 (/p/a.go:3)\tVFMADD213PS\tZ1, Z0, Z2":           true,
		"\t0x0000 00000 (/p/a.go:3)\tVFNMADD231SD\tX1, X0, X2":          true,
		"\t0x0000 00000 (/p/a.go:3)\tVFMSUB231PS\tY1, Y0, Y2":           true,
		"\t0x0000 00000 (/p/a.go:3)\tFMULS\tF0, F1, F0":                 false,
		"\t0x0000 00000 (/p/a.go:3)\tFADDD\tF0, F1, F0":                 false,
		"\t0x0000 00000 (/p/a.go:3)\tMADD\tR0, R1, R2, R3":              false,
		"\t0x0000 00000 (/p/a.go:3)\tVADDPS\tY1, Y0, Y2":                false,
		"\trel 20+4 t=R_CALL p.FMADDS+0 (/p/a.go:3)\tCALL\tp.VFMLA(SB)": false,
	} {
		assert.Equal(t, want, instruction.MatchString(line), line)
	}
}

// What does not compile is an error, never a clean bill.
func TestFusedNeedsCode(t *testing.T) {
	root := t.TempDir()
	write(t, root, "go.mod", "module example.org/p\n\ngo 1.27\n")
	write(t, root, "p.go", "package p\n\nvar x = y\n")
	_, err := fusedOn(root, fusing[0], ".")
	require.ErrorContains(t, err, "undefined: y")
}
