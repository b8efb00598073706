package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// warm reads and writes one of each large message, with a pause after each. The first use
// of a type costs many times what later ones do (its reader is built, its code compiled);
// done here, in small pieces while nobody waits, no task of the page becomes long later.
func warm(pause func()) {
	notices := []data.Notice{{Code: "x", Message: "x"}}
	input := data.Input{Name: "x", Kind: data.KindCategory, Encoding: data.EncodingOneHot, Categories: []string{"x"}}
	setup := data.Setup{Columns: []data.ColumnSetup{{Name: "x"}}, Notices: notices}
	for _, pair := range [][2]any{
		{bindings.TableInfo{Profile: data.Profile{Columns: []data.ColumnProfile{{Name: "x", Bins: []data.Bin{{Label: "x"}}, Samples: []string{"x"}}}, Notices: notices}}, new(bindings.TableInfo)},
		{setup, new(data.Setup)},
		{bindings.PrepareResult{Features: []string{"x"}, Setup: setup, Notices: notices}, new(bindings.PrepareResult)},
		{data.Pipeline{Inputs: []data.Input{input}, Output: data.Output{Labels: []string{"x"}}}, new(struct {
			Inputs []data.Input `json:"inputs"`
		})},
		{bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"x": {1}}}, new(bindings.FitResult)},
		{bindings.TestResult{Labels: []string{"x"}, Confusion: [][]int{{1}}, Metrics: bindings.Logs{"x": 1}}, new(bindings.TestResult)},
		{bindings.ModelInfo{Layers: []bindings.Layer{{ClassName: "x"}}, Input: []int{1}}, new(bindings.ModelInfo)},
	} {
		// An error here is only a lost head start.
		if text, err := json.Marshal(pair[0]); err == nil {
			pause()
			if json.Unmarshal(text, pair[1]) != nil {
				continue
			}
		}
		pause()
	}
}
