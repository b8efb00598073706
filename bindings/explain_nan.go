package bindings

import "github.com/terrarium-ml/terrarium/core/json"

// What has no value, such as the R² of rows that are all equal, travels as null and must
// arrive as NaN, not as a 0 that looks like a result.

var notZero = json.Reading{NullNaN: true}

// ReadJSON implements json.Unmarshaler.
func (r *JudgeResult) ReadJSON(text []byte) error {
	type plain JudgeResult // without this method
	return notZero.Unmarshal(text, (*plain)(r))
}

// ReadJSON implements json.Unmarshaler.
func (r *FoldsResult) ReadJSON(text []byte) error {
	type plain FoldsResult
	return notZero.Unmarshal(text, (*plain)(r))
}

// ReadJSON implements json.Unmarshaler.
func (r *FoldDone) ReadJSON(text []byte) error {
	type plain FoldDone
	return notZero.Unmarshal(text, (*plain)(r))
}

// ReadJSON implements json.Unmarshaler.
func (r *LearningResult) ReadJSON(text []byte) error {
	type plain LearningResult
	return notZero.Unmarshal(text, (*plain)(r))
}

// ReadJSON implements json.Unmarshaler.
func (r *PointDone) ReadJSON(text []byte) error {
	type plain PointDone
	return notZero.Unmarshal(text, (*plain)(r))
}
