package page

import "github.com/terrarium-ml/terrarium/bindings"

// A studio is a road on which networks are trained: the steps that are the same whatever
// they learn from, and the lesson.
type studio struct {
	*hub
	lesson  lesson
	train   *trainStep
	result  *resultStep
	insight *insight
	export  *publishPart
	shelf   *shelfStep
	base    *basePart

	storage *storagePart
	trust   *trustPart
	kept    *bindings.SetResult // the kept training set that is open in the engine, or nil
	more    *experience
	address *settingsPart
}

func newStudio(h *hub, l lesson) *studio {
	s := &studio{hub: h, lesson: l}
	s.train = newTrain(s)
	s.result = newResult(s)
	s.insight = newInsight(s)
	s.export = newPublish(s)
	s.shelf = newShelf(s)
	s.base = newBase(s)
	s.storage = newStorage(s)
	s.trust = newTrust(s)
	s.more = newExperience(s)
	s.address = newSettings(s)
	return s
}

// A lesson is what a road brings to its training: data in the engine, a network and how
// it learns, and a way to try the model.
type lesson interface {
	open() bool                        // there are data
	complete() bool                    // and it is said what to learn from them
	missing() string                   // what to do first, where they are not open
	name() string                      // where the data came from
	table() int                        // the engine's number for them
	prepare() error                    // waits until they are encoded as was chosen last
	prepared() *bindings.PrepareResult // nil while that is not known
	check() (parsed, checks)           // the form of training options
	options() *options
	layers(p parsed) []bindings.Layer // between input and output
	try(r *outcome)                   // a model is there to be tried; nil: there is none any more
}

// testedOn names what a model is tested on: rows, unless the road says otherwise.
func (s *studio) testedOn() (one, many string) {
	if r, ok := s.lesson.(interface{ things() (one, many string) }); ok {
		return r.things()
	}
	return "row", "rows"
}

// A judge shows what is behind a cell of the confusion matrix. Roads may be one.
type judge interface {
	cell(r *outcome, truth, said int)
}

// touchAll marks everything that looks different while a model is being trained.
func (s *studio) touchAll() {
	s.touch(s.state)
	s.touch(s.road.steps()...)
}
