package bindings

import "github.com/terrarium-ml/terrarium/core/format/safetensors"

// modelLoadWeights sets weights by name.
func modelLoadWeights(j *job, p LoadWeightsParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "loadWeights")
	if err != nil {
		return nil, err
	}
	files, err := j.modelFiles([]ModelFile{{Blob: p.Blob}})
	if err != nil {
		return nil, err
	}
	f, err := safetensors.ReadBytes(files[0].Content, safetensors.Limits{})
	if err != nil {
		return nil, err
	}
	r, err := m.train.SetNamed(f)
	if err != nil {
		return nil, err
	}
	return LoadWeightsResult{listed(r.Set), listed(r.Missing), listed(r.Unused), listed(r.Misfits)}, nil
}

// listed makes an empty list of none: JSON knows the difference.
func listed(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
