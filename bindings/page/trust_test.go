package page

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A guarded is a fake screen that is a warden, too.
type guarded struct {
	*fakeScreen
	kept          map[string]string
	grants        bool
	offline       error
	on            bool
	made, refused int
	changed       func()
}

func (s *guarded) Present(string) bool         { return true }
func (s *guarded) Persist() bool               { return s.grants }
func (s *guarded) Recall(key string) string    { return s.kept[key] }
func (s *guarded) Remember(key, value string)  { s.kept[key] = value }
func (s *guarded) Requests() (int, int)        { return s.made, s.refused }
func (s *guarded) OnRequest(changed func())    { s.changed = changed }
func (s *guarded) Offline() bool               { return s.on }
func (s *guarded) GoOffline() error            { s.on = s.offline == nil; return s.offline }
func (s *guarded) Forget() error               { s.on = false; clear(s.kept); return nil }
func (s *guarded) DownloadPage(n, text string) { s.files[n] = []byte(text) }

// guard makes the stage's screen a warden, as of the page's start.
func guard(s *stage) *guarded {
	g := &guarded{fakeScreen: s.screen, kept: map[string]string{}}
	s.app.screen = g
	s.app.privacy.hub.actions = s.app.actions
	g.OnRequest(func() {
		s.app.privacy.made, s.app.privacy.refused = g.Requests()
		s.app.privacy.show()
	})
	s.app.privacy.show()
	s.app.touch(s.app.shelf)
	s.draw()
	return g
}

// cutOff is a list with a training that was cut off, and what it learns from.
func cutOff() bindings.ListResult {
	return bindings.ListResult{
		Models: []bindings.StoredModel{{Name: checkpointName, Kind: "checkpoint", Bytes: 10, Date: "2026-01-02T03:04:05Z", Data: "abc"}},
		Sets:   []bindings.StoredModel{{Name: "set/abc", Kind: "set", Bytes: 5000, Date: "2026-01-02T03:04:05Z", Data: "abc", Source: "flowers.csv"}}}
}

func TestATrainingGoesOnWithoutTheFile(t *testing.T) {
	s := newStage(t)
	s.fix(bindings.MethodStoreList, cutOff())
	s.app.shelf.refresh()
	require.Contains(t, s.see("cut-off").words(), "without the file")
	require.Contains(t, s.see("sets").words(), "flowers.csv")
	prepared := preparation(suggestion())
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 8, Name: "flowers", Data: "abc", Planned: 9, Pipeline: pipeline(),
		Interrupted: &bindings.FitResult{Epoch: []int{0}, History: bindings.Curves{"loss": {2}}}})
	s.fix(bindings.MethodSetOpen, bindings.SetResult{Table: 6, Data: "abc", Source: "flowers.csv", Prepared: prepared})
	s.fix(bindings.MethodModelCard, bindings.CardResult{Card: &card.Card{Name: "flowers", Data: card.Data{Fingerprint: "abc"}}, Log: []string{"a"}})
	s.do(Action{Name: "train.goon", Arg: checkpointName})
	var p bindings.FitParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelFit], &p))
	require.True(t, p.Resume && p.Again && p.Checkpoint.Data)
	require.Equal(t, 6, p.Table)
	require.JSONEq(t, `{"data":"abc"}`, string(s.engine.last[bindings.MethodSetOpen]))
	require.Equal(t, "cafe", s.see("digest").words())
	s.gone("cut-off")
	// However quick the rest was, the copy of a training that was cut off does not stay.
	var saved bindings.SaveParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelSave], &saved))
	require.Equal(t, []any{8, checkpointName}, []any{saved.Model, saved.Name})

	// Its data serve the replay as well.
	s.fix(bindings.MethodModelVerify, bindings.VerifyResult{Sound: true, Lines: 12})
	s.fix(bindings.MethodModelReplay, bindings.ReplayResult{Same: false, Digest: "beef", Want: "cafe", Differs: 4})
	s.do(Action{Name: "trust.verify"}, Action{Name: "trust.replay"})
	require.Contains(t, s.see("verified").words(), "12 lines")
	require.Contains(t, s.see("replayed").words(), "The first line that differs is 5")
	require.JSONEq(t, `{"model":8,"table":6}`, string(s.engine.last[bindings.MethodModelReplay]))
}

func TestATrainingThatGoesOnCanBePaused(t *testing.T) {
	s := newStage(t)
	s.fix(bindings.MethodStoreList, cutOff())
	s.app.shelf.refresh()
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 8, Data: "abc", Planned: 9, Pipeline: pipeline(), Interrupted: &bindings.FitResult{}})
	s.fix(bindings.MethodSetOpen, bindings.SetResult{Table: 6, Prepared: preparation(suggestion())})
	asked := false
	s.fitting(func(r Request) {
		s.do(Action{Name: "train.pause"})
		require.Equal(t, "Pausing…", s.see("pause").words())
		asked = <-r.Hold
	})
	s.do(Action{Name: "train.goon", Arg: checkpointName})
	require.True(t, asked)
}

func TestWhatCannotGoOnSaysWhy(t *testing.T) {
	s := newStage(t)
	list := cutOff()
	list.Sets = nil
	s.fix(bindings.MethodStoreList, list)
	s.app.shelf.refresh()
	require.Contains(t, s.see("cut-off").words(), "Open the same file again")
	s.gone("go-on-training")
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 8, Data: "abc", Interrupted: &bindings.FitResult{}})
	s.fail(bindings.MethodSetOpen, tensor.CodeData, "They are not kept.")
	s.do(Action{Name: "train.goon", Arg: checkpointName})
	require.Contains(t, s.see("train-problem").words(), "They are not kept.")
	require.Contains(t, s.engine.asked, bindings.MethodModelDispose)
	require.Equal(t, idle, s.app.train.phase)
}

func TestATrainingOfAnotherPageGoesOnThere(t *testing.T) {
	s := newStage(t)
	list := cutOff()
	list.Models[0].Medium = "image"
	s.fix(bindings.MethodStoreList, list)
	s.app.shelf.refresh()
	require.Contains(t, s.html("banner"), `<a href="images.html">Images</a>`)
	s.gone("go-on-training")
	s.do(Action{Name: "shelf.later"})
	s.gone("cut-off")
}

// A page speaks of its own training first, though another page's copy is newer.
func TestThePagesOwnTrainingIsSpokenOfFirst(t *testing.T) {
	s := newStage(t)
	list := cutOff()
	other := list.Models[0]
	other.Medium, other.Name = "text", writingCopy
	list.Models = append([]bindings.StoredModel{other}, list.Models...)
	s.fix(bindings.MethodStoreList, list)
	s.app.shelf.refresh()
	s.see("go-on-training")
	require.NotContains(t, s.html("banner"), "text.html")
}

func TestKeepingTheDataCanBeRefused(t *testing.T) {
	s := openTable(t)
	g := guard(s)
	s.do(Action{Name: "storage.keep", Checked: false}, Action{Name: "train"})
	var p bindings.FitParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelFit], &p))
	require.False(t, p.Checkpoint.Data)
	require.NotNil(t, p.Record)
	require.Equal(t, "no", g.kept[settingKeep])
	require.False(t, newStorageOf(s).keep, "it is remembered")
}

// newStorageOf is the part as it would be made on the next visit.
func newStorageOf(s *stage) *storagePart {
	for _, name := range []string{"storage.keep", "storage.along", "storage.drop", "storage.persist", "storage.wipe", "storage.spare", "storage.wiped", "project.export", "project.file"} {
		delete(s.app.actions, name)
	}
	return newStorage(s.app.studio)
}

func TestWipingSaysWhatGoes(t *testing.T) {
	s := newStage(t)
	g := guard(s)
	s.fix(bindings.MethodStoreList, cutOff())
	s.app.shelf.refresh()
	s.do(Action{Name: "storage.wipe"})
	said := s.see("wipe-doubt").words()
	for _, want := range []string{"1 model", "1 set of kept training data", "your settings", "offline"} {
		require.Contains(t, said, want)
	}
	require.NotContains(t, s.engine.asked, bindings.MethodStoreWipe)
	s.do(Action{Name: "storage.spare"})
	s.gone("wipe-doubt")
	g.on = true
	s.fix(bindings.MethodStoreList, bindings.ListResult{})
	s.do(Action{Name: "storage.wipe"}, Action{Name: "storage.wiped"})
	require.Contains(t, s.engine.asked, bindings.MethodStoreWipe)
	require.False(t, g.on)
	s.gone("sets")
}

func TestProjectsAreExportedAndImported(t *testing.T) {
	s := trained(t)
	require.False(t, s.disabled("export-project"))
	s.engine.answer[bindings.MethodProjectExport] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.BytesResult{Name: "project.terrarium.zip"}, [][]byte{{7}}, nil
	}
	s.do(Action{Name: "storage.along", Checked: false}, Action{Name: "project.export"})
	require.JSONEq(t, `{"model":5}`, string(s.engine.last[bindings.MethodProjectExport]))
	require.Equal(t, []byte{7}, s.screen.files["project.terrarium.zip"])

	s.fix(bindings.MethodProjectImport, bindings.ImportResult{Models: []string{"a", "b 2"}, Renamed: []string{"b 2"}})
	s.do(Action{Name: "page.files", Files: []File{{Name: "Mine.terrarium.ZIP"}}})
	require.Contains(t, s.html("status"), "Took 2 models from the project. Names that were in use got a number.")
	s.fail(bindings.MethodProjectImport, tensor.CodeFormat, "It is damaged.")
	s.do(Action{Name: "project.file", Files: []File{{Name: "x.zip"}}})
	require.Contains(t, s.see("problem-models").words(), "x.zip could not be opened: It is damaged.")
}

func TestThePrivacyPanelCounts(t *testing.T) {
	s := newStage(t)
	g := guard(s)
	require.Equal(t, "0", s.see("requests").get("data-requests"))
	g.made, g.refused = 2, 1
	g.changed()
	require.Contains(t, s.see("requests").words(), "its program runs: 2. Attempts that the rule refused: 1.")
	g.offline = errors.New("no room")
	s.do(Action{Name: "privacy.offline"})
	require.Contains(t, s.see("problem-offline").words(), "no room")
	g.offline = nil
	s.do(Action{Name: "privacy.offline"})
	s.see("offline-on")
	s.gone("work-offline")

	require.Contains(t, s.see("usage").words(), "10 B")
	s.do(Action{Name: "storage.persist"})
	require.Contains(t, s.see("persist-told").words(), "said no")
	g.grants = true
	s.fix(bindings.MethodStoreUsage, bindings.UsageResult{Usage: 10, Quota: 1000, Persisted: true})
	s.do(Action{Name: "storage.persist"})
	s.see("persisted")
}

func TestTheCardIsShownAndGivenAway(t *testing.T) {
	s := openTable(t)
	g := guard(s)
	c := &card.Card{Name: "flowers", Limits: []string{"It saw little."}, Licence: "CC0-1.0"}
	s.fix(bindings.MethodModelCard, bindings.CardResult{Card: c, Log: []string{"one", "two"}})
	s.do(Action{Name: "train"})
	var p bindings.CardParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelCard], &p))
	require.Equal(t, "test", p.Scores.Part)
	require.Equal(t, 3, p.Scores.Rows)
	require.Contains(t, s.see("trust").words(), "It saw little.")
	s.do(Action{Name: "trust.card"}, Action{Name: "trust.log"}, Action{Name: "trust.json"}, Action{Name: "trust.licence", Value: " MIT "})
	require.Contains(t, string(g.files["flowers card.html"]), `<h1 translate="no">flowers</h1>`)
	require.Equal(t, "one\ntwo\n", string(g.files["flowers log.jsonl"]))
	require.Contains(t, string(g.files["flowers card.json"]), "It saw little.")
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelCard], &p))
	require.Equal(t, "MIT", *p.Licence)
	s.fail(bindings.MethodModelReplay, tensor.CodeData, "It learned from other data.")
	s.do(Action{Name: "trust.replay"})
	require.Contains(t, s.see("problem-trust").words(), "other data")
}
