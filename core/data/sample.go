package data

// A SampleInfo describes one of the generated sample sets.
type SampleInfo struct {
	Name        string `json:"name"` // what Sample takes
	Title       string `json:"title"`
	Description string `json:"description"`
	Target      string `json:"target"`
	Task        Task   `json:"task"`
	Rows        int    `json:"rows"`
}

// Samples lists the sample sets: invented data, always the same bytes.
func Samples() []SampleInfo { panic("TODO") }

// Sample returns a sample set as the text of a CSV file. It fails with code "option"
// for a name that Samples does not list.
func Sample(name string) ([]byte, error) { panic("TODO") }
