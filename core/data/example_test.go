package data_test

import (
	"bytes"
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data"
)

// From a CSV file to features: every decision is made, explained, and can be changed.
func ExampleTable_Prepare() {
	csv, _ := data.Sample("garden")
	table, err := data.ReadTable(bytes.NewReader(csv), data.ReadOptions{Name: "garden.csv"})
	if err != nil {
		fmt.Println(err)
		return
	}
	setup, _ := table.Suggest("plant", nil)
	for i := range setup.Columns {
		if setup.Columns[i].Name == "bed" {
			setup.Columns[i].Role = data.RoleIgnore // we know that it does not matter
		}
	}
	p, err := table.Prepare(setup, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Pipeline.InputNames())
	fmt.Println(p.Train.X.Shape, p.Validation.X.Shape, p.Test.X.Shape)
	fmt.Println(p.Pipeline.Output.Labels)

	// One new plant, as a form gives it.
	row, _ := p.Pipeline.ParseRow(map[string]string{"leaf_length_mm": "46", "leaf_width_mm": "24", "stem_mm": "39", "soil": "loam", "sown": "2023-03-20"})
	features := make([]float32, p.Pipeline.Features())
	p.Pipeline.Encode(features, row)
	fmt.Println(len(features), "features")
	// Output:
	// [soil leaf_length_mm leaf_width_mm stem_mm leaves sown]
	// [230 13] [58 13] [72 13]
	// [radish lettuce spinach]
	// 13 features
}
