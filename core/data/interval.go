package data

// An Interval tells how far a regression's answers were off on rows that it had not
// learned from: in Share of them the truth lay from Low below (or, if it is positive,
// above) the answer to High above it.
type Interval struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Share float64 `json:"share"` // 0 … 1
}
