package bindings

import (
	"math"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// Names of what a search varies.
const (
	varyRate    = "rate"
	varyBatch   = "batch"
	varyWidth   = "width"
	varyDropout = "dropout"
)

// modelSearch checks a search and lets it run beside other requests.
func modelSearch(j *job, p SearchParams) (any, error) {
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, err
	}
	if p.Fit.Epochs < 1 || p.Fit.BatchSize < 0 || p.Fit.Model != 0 || p.Fit.Table != 0 || p.Fit.Resume || p.Fit.Checkpoint != nil || p.Fit.BatchLogs || p.Fit.Watch {
		return nil, tensor.Errorf(tensor.CodeOption, "search: fit wants epochs and may have batchSize, earlyStopping, classWeight; model, table, resume, checkpoint and logs are the search's own")
	}
	s := &searching{job: j, table: t, params: p}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return beside(s.run), nil
}

// searching is a search on its way.
type searching struct {
	job    *job
	table  *table
	params SearchParams
	search train.Search
	rate   float64 // as given
	asked  []SearchTrial
	told   int
	done   int64 // epochs of the present trial
}

func (s *searching) prepare() error {
	p := &s.params
	p.Fit.BatchSize = max(p.Fit.BatchSize, 1)
	var given struct {
		LearningRate float64 `json:"learningRate"`
	}
	if len(p.Optimizer.Config) > 0 {
		if err := json.Unmarshal(p.Optimizer.Config, &given); err != nil {
			return paramsErrorf("search: the optimizer's config wants a learningRate that is a number")
		}
	}
	s.rate = given.LearningRate
	if p.Seed == nil || *p.Seed < 0 || *p.Seed > MaxSeed {
		return tensor.Errorf(tensor.CodeOption, "search: want a seed, a whole number from 0 to %d", int64(MaxSeed))
	}
	e := s.job.engine
	s.search = train.Search{Seed: uint64(*p.Seed), Trials: p.Trials, Seconds: p.Seconds, New: s.fresh, OnTrial: s.ended,
		Clock: func() float64 { return e.now().Seconds() }}
	if p.RateTo > 0 {
		s.search.Space = append(s.search.Space, train.Dimension{Name: varyRate, Min: p.RateFrom, Max: p.RateTo, Log: true})
	}
	choices := func(name string, n int) {
		if n > 0 {
			d := train.Dimension{Name: name}
			for i := range n {
				d.Choices = append(d.Choices, strconv.Itoa(i))
			}
			s.search.Space = append(s.search.Space, d)
		}
	}
	choices(varyBatch, len(p.Batches))
	choices(varyWidth, len(p.Widths))
	choices(varyDropout, len(p.Dropouts))
	if len(s.search.Space) == 0 {
		return tensor.Errorf(tensor.CodeOption, "search: nothing varies; give rates, batches, widths or dropouts")
	}
	return nil
}

// settings are those of a trial: of the first one as they were given.
func (s *searching) settings(number int, drawn train.Params) SearchTrial {
	p := &s.params
	t := SearchTrial{Number: number, Rate: s.rate, Batch: p.Fit.BatchSize, Width: 1, Value: math.NaN()}
	if number == 0 {
		return t
	}
	if v, ok := drawn.Numbers[varyRate]; ok {
		t.Rate = twoDigits(v)
	}
	chosen := func(name string) int {
		i, err := strconv.Atoi(drawn.Choices[name])
		if err != nil {
			return -1
		}
		return i
	}
	if i := chosen(varyBatch); i >= 0 {
		t.Batch = p.Batches[i]
	}
	if i := chosen(varyWidth); i >= 0 {
		t.Width = p.Widths[i]
	}
	if i := chosen(varyDropout); i >= 0 {
		t.Dropout = p.Dropouts[i]
	}
	return t
}

// twoDigits rounds a rate to what a person would write into a form, which then gives the
// same number again.
func twoDigits(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 1, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// fresh makes the model of a trial.
func (s *searching) fresh(number int, drawn train.Params) (*train.Model, train.FitConfig, error) {
	j, p := s.job, s.params
	t := s.settings(number, drawn)
	s.asked, s.done = append(s.asked[:min(number, len(s.asked))], t), 0
	none := train.FitConfig{}
	options, err := j.options("", p.Seed)
	if err != nil {
		return nil, none, err
	}
	pipeline := s.table.prepared.Pipeline
	network, err := nn.FromConfig(layerConfigs(framed(reshaped(p.Layers, t.Width, t.Dropout), pipeline)))
	if err != nil {
		return nil, none, err
	}
	m, err := train.New(network, options...)
	if err != nil {
		return nil, none, err
	}
	m.OnPause(j.breathe)
	c, err := p.config(pipeline, t.Rate)
	if err != nil {
		return nil, none, err
	}
	if err := m.Compile(c); err != nil {
		return nil, none, err
	}
	fit := p.Fit
	fit.Table, fit.BatchSize = p.Table, t.Batch
	_, config, err := j.fitData(&model{train: m}, fit)
	if err != nil {
		return nil, none, err
	}
	s.listen(&config, number)
	return m, config, nil
}

// config compiles a trial with its rate.
func (p *SearchParams) config(pipeline *data.Pipeline, rate float64) (c train.Config, err error) {
	options := map[string]json.RawMessage{}
	if len(p.Optimizer.Config) > 0 {
		if err := json.Unmarshal(p.Optimizer.Config, &options); err != nil {
			return c, paramsErrorf("search: the optimizer's config is no object")
		}
	}
	if rate > 0 {
		options["learningRate"] = jsonOf(rate)
	}
	if c.Optimizer, err = optim.New(p.Optimizer.ClassName, jsonOf(options)); err != nil {
		return c, err
	}
	loss := p.Loss
	if loss.ClassName == "" {
		loss.ClassName = usualLoss(&pipeline.Output)
	}
	c.Metrics = usualMetrics(pipeline.Output.Task)
	c.Loss, err = nn.ParseLoss(loss.ClassName, loss.Config)
	return c, err
}

// listen lets others have their turn between a trial's steps, and tells of progress.
func (s *searching) listen(c *train.FitConfig, number int) {
	j := s.job
	c.Pause = j.breathe
	pace := newPace(j.engine.now())
	c.BetweenSteps = func() error {
		if !pace.due() {
			return nil
		}
		pace.saw(j.engine.now())
		j.progress("search", 1000*int64(number)+1000*s.done/int64(s.params.Fit.Epochs), 1000*int64(s.params.Trials))
		err := j.breathe()
		j.engine.share()
		pace.goesOn(j.engine.now())
		return err
	}
	c.Callbacks = append(c.Callbacks, train.Callback{OnEpochEnd: func(*train.Model, int, train.Logs) error {
		s.done++
		return nil
	}})
}

// ended tells of a trial.
func (s *searching) ended(so *train.SearchState) error {
	all := s.trials(so)
	s.job.engine.notify(NotifyTrial, SearchLogs{ID: s.job.id, Trials: all[s.told:]})
	s.told = len(all)
	return s.job.breathe()
}

// trials are those that are over.
func (s *searching) trials(so *train.SearchState) []SearchTrial {
	list := []SearchTrial{}
	for i, t := range so.Trials {
		r := s.asked[i]
		r.Epochs, r.Logs, r.Failed = t.Epochs, Logs(t.Logs), t.Failed
		if r.Logs == nil {
			r.Logs = Logs{}
		}
		if n := len(t.Values); n > 0 {
			r.Value = t.Values[n-1]
		}
		list = append(list, r)
	}
	return list
}

func (s *searching) run() (any, error) {
	j := s.job
	j.yielded = j.engine.now()
	so, err := s.search.Run(j.ctx, s.table.training(), nil)
	if err != nil && !(j.ctx.Err() != nil && j.keep.Load() && so != nil) {
		return nil, err
	}
	r := SearchResult{Trials: s.trials(so), Best: -1, Monitor: so.Monitor, Ended: so.Ended}
	if best := so.Best(); best != nil {
		r.Best = slices.IndexFunc(r.Trials, func(t SearchTrial) bool { return t.Number == best.Number })
	}
	return r, nil
}

// reshaped are hidden layers of another width, with dropout behind the dense ones in
// place of any that was there. A dropout of 0 leaves it as it was.
func reshaped(layers []Layer, width, dropout float64) []Layer {
	var out []Layer
	for _, l := range layers {
		if l.ClassName == "Dropout" && dropout > 0 {
			continue
		}
		if config := map[string]json.RawMessage{}; width != 1 && len(l.Config) > 0 && json.Unmarshal(l.Config, &config) == nil {
			for _, name := range []string{"units", "filters"} {
				if v, err := strconv.Atoi(string(config[name])); err == nil {
					config[name] = jsonOf(max(1, int(math.Round(float64(v)*width))))
				}
			}
			l.Config = jsonOf(config)
		}
		out = append(out, l)
		if l.ClassName == "Dense" && dropout > 0 {
			out = append(out, Layer{ClassName: "Dropout", Config: jsonOf(map[string]float64{"rate": dropout})})
		}
	}
	return out
}
