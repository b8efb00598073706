package series_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// From a file of months to a forecast of the next ones. Errors are left out.
func Example() {
	var file strings.Builder
	file.WriteString("month,sold\n")
	for t := range 96 {
		fmt.Fprintf(&file, "%d-%02d,%d\n", 2016+t/12, t%12+1, 200+t+[]int{0, 5, 20, 40, 60, 75, 80, 70, 50, 30, 10, 2}[t%12]+t*7919%5)
	}
	table, _ := data.ReadTable(strings.NewReader(file.String()), data.ReadOptions{Name: "sold.csv"})
	columns, _ := series.Find(table)
	raw, _ := series.FromTable(table, columns)
	set, _ := series.Gather(raw, series.Options{})
	p, _ := set.Prepare(set.Suggest("sold"), nil)
	fmt.Println(set.Options.Frequency, p.Setup.Difference, p.Setup.Window, p.Setup.Horizon)

	network := p.Networks()[0]
	var layers []nn.LayerConfig
	for _, l := range network.Layers {
		layers = append(layers, nn.LayerConfig{ClassName: l.ClassName, Config: l.Config})
	}
	built, _ := nn.FromConfig(layers)
	m, _ := train.New(built, train.Seed(1))
	_ = m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: network.Training.LearningRate}, Loss: nn.MeanSquaredError{}})
	_, _ = m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: 40, BatchSize: network.Training.BatchSize})

	_ = p.Calibrate(m.PredictFloats)
	test, _ := p.BackTest(m.PredictFloats, 1)
	for _, b := range p.Baselines {
		fmt.Println("better than", b.Name, test.MAE < b.MAE)
	}
	points, _ := p.Config.Forecast(set.Series[0], m.PredictFloats, 0.8)
	fmt.Println(data.FormatDate(points[0].Days), points[0].Low < points[0].High)
	// Output:
	// month seasonal 8 2
	// better than last value true
	// better than moving average true
	// better than seasonal naive true
	// 2024-01-01 true
}
