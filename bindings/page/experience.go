package page

// An experience is what stands around a training: advice, comparison, and tools that look
// for better settings. All of it is part of the training step and shown there.
type experience struct {
	app     *studio
	coach   *coachPart
	finder  *finderPart
	profile *profilePart
	runs    *runsPart
	search  *searchPart
}

func newExperience(a *studio) *experience {
	return &experience{a, newCoach(a), newFinder(a), newProfile(a), newRuns(a), newSearch(a)}
}

// begin is told that a training begins.
func (e *experience) begin() { e.coach.begin() }

// lost is told that the engine went away.
func (e *experience) lost() {
	e.finder.tool.stopped()
	e.profile.tool.stopped()
	e.search.tool.stopped()
}

func (e *experience) nodes() Nodes {
	out := e.runs.nodes()
	if !e.app.lesson.complete() {
		return out
	}
	out = append(out, el("div", class("lab"), keyed("lab"), e.finder.view(), e.profile.view(), e.search.view()))
	return append(out, e.app.address.view()...)
}

// busy tells whether one of the tools is at work: they want the engine for themselves, and
// the form as it is.
func (e *experience) busy() bool {
	return e.finder.tool.busy() || e.profile.tool.busy() || e.search.tool.busy()
}
