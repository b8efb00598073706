package data

import (
	"fmt"
	"math/rand/v2"
)

// gemText writes a table like that of diamonds: seven columns of numbers, three of
// quoted words.
func gemText(rows int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	text := []byte("\"carat\",\"cut\",\"color\",\"clarity\",\"depth\",\"table\",\"price\",\"x\",\"y\",\"z\"\n")
	cuts := []string{"Fair", "Good", "Very Good", "Premium", "Ideal"}
	clarities := []string{"I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"}
	for range rows {
		size := 3.7 + 5*rng.Float64()*rng.Float64()
		text = fmt.Appendf(text, "%.2f,%q,%q,%q,%.1f,%d,%d,%.2f,%.2f,%.2f\n", size*size*size/160,
			cuts[rng.IntN(5)], string(rune('D'+rng.IntN(7))), clarities[rng.IntN(8)],
			58+7*rng.Float64(), 53+rng.IntN(10), 300+rng.IntN(18000), size, size*1.01, size*0.62)
	}
	return text
}
