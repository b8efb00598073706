package page

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// visit opens the page at an address with settings, and a table there.
func visit(t *testing.T, search string) *stage {
	s := newStage(t)
	s.screen.search = search
	s.app.address.begin()
	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}})
	s.do() // what arrived is drawn, and the timers run
	return s
}

func TestChoicesStandInTheAddress(t *testing.T) {
	s := visit(t, "")
	require.Empty(t, s.screen.search, "what is suggested is no choice")
	s.gone("settings-link")
	s.do(Action{Name: "option.epochs", Value: "51"}, Action{Name: "option.seed", Value: "7"}, Action{Name: "option.early", Checked: false},
		Action{Name: "layer.add", Arg: "dropout"})
	require.Equal(t, "epochs=51&early=no&seed=7&layers="+url.QueryEscape(layersText(s.app.network.layers)), s.screen.search)
	require.Equal(t, "?"+s.screen.search, s.see("settings-link").get("href"))
	require.NotContains(t, s.screen.search, "name", "no column's name")

	other := visit(t, s.screen.search)
	require.Equal(t, s.app.network.opts, other.app.network.opts)
	require.Equal(t, layersText(s.app.network.layers), layersText(other.app.network.layers))
	require.Equal(t, s.screen.search, other.screen.search)

	s.do(Action{Name: "option.reset"})
	require.Empty(t, s.screen.search)
}

func TestAnAddressIsNotTrusted(t *testing.T) {
	s := visit(t, "epochs=%3Cscript%3E&optimizer=evil&rate=0.01&loss=meanSquaredError&layers=99999-relu&target=name&early=perhaps&%zz")
	require.Equal(t, "adam", strings.ToLower(s.app.network.opts.optimizer), "an address that cannot be read is none")
	s = visit(t, "epochs=%3Cscript%3E&optimizer=evil&rate=0.01&layers=99999-relu&target=name&early=perhaps&loss=binaryCrossentropy")
	require.Equal(t, "0.01", s.app.network.opts.rate)
	require.Contains(t, s.html("status"), "Left out of the page’s address, as it makes no sense: epochs, optimizer, early and layers.")
	require.NotContains(t, s.html("network-view"), "script")
}

func TestSettingsOfEveryRoadAreKeptWhole(t *testing.T) {
	for name, fields := range map[string][]formSetting{
		"tables": newStage(t).app.address.fields,
		"series": newLedger(t).app.address.fields,
		"texts":  newDesk(t).app.address.fields,
		"images": newGallery(t).app.address.fields,
	} {
		require.Greater(t, len(fields), 10, name)
		names := map[string]bool{}
		for _, f := range fields {
			require.False(t, names[f.name], "%s: two settings %s", name, f.name)
			names[f.name] = true
			require.NotContains(t, reservedNames, f.name)
			v := f.value()
			require.True(t, v == "" || v == "0" || f.valid(v), "%s: %s=%q", name, f.name, v)
			require.False(t, f.valid("<b>"), "%s: %s", name, f.name)
		}
	}
}

// reservedNames are those of boot.js.
var reservedNames = []string{"simd", "kernels", "lang"}

func FuzzLayersOfAnAddress(f *testing.F) {
	f.Add("32-relu_drop0.2_16-tanh")
	f.Add("")
	f.Add("drop_-_1-")
	f.Fuzz(func(t *testing.T, written string) {
		layers, ok := layersOf(written)
		if !ok {
			return
		}
		again, ok := layersOf(layersText(layers))
		require.True(t, ok)
		require.Equal(t, layers, again)
		c := checks{}
		checkLayers(layers, 3, 2, c)
		require.Empty(t, c.bad())
	})
}
