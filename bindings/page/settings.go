package page

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A formSetting is a choice of a form that the page's address can keep. Names of columns and
// classes are none: an address never tells of the data.
type formSetting struct {
	name   string              // in the address
	value  func() string       // as the form has it
	choose func(string) Action // the action by which a person gives it another value
	valid  func(string) bool   // nobody knows who wrote an address
}

// A formRoad names the settings of its form.
type formRoad interface{ settings() []formSetting }

// A settingsBar is the part of the page's address behind the question mark, for screens
// that have one.
type settingsBar interface {
	Settings() string
	SetSettings(text string)
}

// settingsPart keeps what a person chose in a road's form in the page's address, and makes
// the choices again that an address tells of, once there is a form.
type settingsPart struct {
	app    *studio
	bar    settingsBar // nil where the screen has no address
	fields []formSetting
	chosen map[string]string
	asked  map[string]string // by the address; nil once they are chosen
	refuse []string          // names in the address whose values made no sense
	serial int
}

// formActions begin the names of actions that change a form. What else changes it is a
// suggestion for other data.
var formActions = []string{"option.", "layer.", "shown.", "vary", "network.", "words.", "plan.", "coach.", "find-rate.", "search.", "runs."}

// longestAddress bounds what is written; browsers and chats cut longer ones.
const longestAddress = 1500

func newSettings(a *studio) *settingsPart {
	return &settingsPart{app: a, chosen: map[string]string{}}
}

// begin reads the address. It is called before anything is drawn.
func (s *settingsPart) begin() {
	road, ok := s.app.lesson.(formRoad)
	if !ok {
		return
	}
	s.fields = road.settings()
	s.app.settings = s
	if s.bar, ok = s.app.screen.(settingsBar); !ok {
		return
	}
	asked, err := url.ParseQuery(s.bar.Settings())
	if err != nil {
		return
	}
	s.asked = map[string]string{}
	for _, f := range s.fields {
		if v := asked.Get(f.name); asked.Has(f.name) && f.valid(v) {
			s.asked[f.name] = v
		} else if asked.Has(f.name) {
			s.refuse = append(s.refuse, f.name)
		}
	}
}

// arrive makes the choices of the address once the form has been suggested.
func (s *settingsPart) arrive() {
	if len(s.asked)+len(s.refuse) == 0 || !s.app.lesson.complete() || s.app.lesson.prepared() == nil || s.app.train.busy() {
		return
	}
	asked, chosen := s.asked, 0
	s.asked = nil
	for _, f := range s.fields {
		switch v, ok := asked[f.name]; {
		case !ok:
		case f.valid(v): // now that the data are known
			s.app.Do(f.choose(v))
			chosen++
		default:
			s.refuse = append(s.refuse, f.name)
		}
	}
	said := ""
	if chosen > 0 {
		said = "The settings are those of the page’s address."
	}
	if len(s.refuse) > 0 {
		said = strings.TrimSpace(said + " Left out of the page’s address, as it makes no sense: " + listing(s.refuse, 6) + ".")
	}
	s.refuse = nil
	s.app.state.say(said)
}

// around carries out an action, and keeps what it changed in the form.
func (s *settingsPart) around(act Action, do func(Action)) {
	if !slices.ContainsFunc(formActions, func(begin string) bool { return strings.HasPrefix(act.Name, begin) }) {
		do(act)
		return
	}
	before := s.values()
	do(act)
	changed := false
	for name, v := range s.values() {
		if v == before[name] {
			continue
		}
		changed = true
		if strings.HasSuffix(act.Name, ".reset") {
			delete(s.chosen, name)
		} else {
			s.chosen[name] = v
		}
	}
	if changed {
		s.write()
	}
}

func (s *settingsPart) values() map[string]string {
	v := make(map[string]string, len(s.fields))
	for _, f := range s.fields {
		v[f.name] = f.value()
	}
	return v
}

// text is the part of an address with what was chosen and still is so.
func (s *settingsPart) text() string {
	if len(s.chosen) == 0 {
		return ""
	}
	now := s.values()
	maps.DeleteFunc(s.chosen, func(name, v string) bool { return now[name] != v })
	var out []string
	for _, f := range s.fields {
		if v, ok := s.chosen[f.name]; ok && f.valid(v) {
			out = append(out, url.QueryEscape(f.name)+"="+url.QueryEscape(v))
		}
	}
	text := strings.Join(out, "&")
	if len(text) > longestAddress {
		return ""
	}
	return text
}

// write puts it into the address once things are quiet: browsers allow few changes a second.
func (s *settingsPart) write() {
	s.app.touch(s.app.train)
	if s.bar == nil {
		return
	}
	s.serial++
	mine := s.serial
	s.app.screen.After(300*time.Millisecond, func() {
		if mine == s.serial {
			s.bar.SetSettings(s.text())
		}
	})
}

// view offers a link to the settings.
func (s *settingsPart) view() Nodes {
	text := ""
	if s.bar != nil {
		text = s.text()
	}
	if text == "" {
		return nil
	}
	return Nodes{el("p", class("hint"), keyed("settings"), el("a", ident("settings-link"), attr("href", "?"+text), txt("A link to these settings")),
		txt(": they stand in the page’s address, to come back to them or to share them. Your data never do."))}
}
