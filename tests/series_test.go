//go:build browser

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A ledger is the page of series.
type ledger struct{ *studio }

func newLedger(t testing.TB) *ledger {
	t.Helper()
	return &ledger{openStudio(t, browser.Chromium(t), browser.Site(t, nil)+"/deep/site/series.html")}
}

// next is all that the page says comes after the data, to the bit.
func (s *ledger) next() string {
	s.t.Helper()
	s.WaitFor(`document.querySelector('#forecast tr[data-period]')`)
	var said string
	s.Eval(`JSON.stringify([...document.querySelectorAll('#forecast tr[data-period]')].map((e) => [e.dataset.period, e.dataset.value, e.textContent]))`, &said)
	return said
}

// A shop owner's way with the sales of each month: opened, looked at, planned, trained,
// tested by time, forecast, kept, and opened again on the next day.
func TestRoadOfSeries(t *testing.T) {
	s := newLedger(t)
	s.press("sample-sales")
	s.WaitFor(`document.querySelector('#series-0 .curve')`)
	assert.Contains(t, s.Text("#found"), "2 values were missing")
	s.prepared()
	var parts string
	s.Eval(`[...document.querySelectorAll('#split-plot [data-part]')].map((e) => e.dataset.part).join()`, &parts)
	assert.Equal(t, "training,validation,test", parts)
	s.set("fill", "last")
	s.WaitFor(`document.querySelector('#undo').textContent.includes('what fills gaps') && document.querySelector('#fill').value === 'last'`)
	s.press("undo")
	s.WaitFor(`document.querySelector('#undo').disabled && document.querySelector('#fill').value === 'linear'`)

	score := s.train(1)
	assert.Less(t, score, s.number("#baseline-score"))
	s.WaitFor(`document.querySelectorAll('#rules tr[data-rule]').length === 4 && document.querySelector('#backtest-plot .interval')`)
	assert.Contains(t, s.Text("#verdict"), "as a season before")
	before := s.Text("#origin-said")
	s.set("origin", "3")
	s.WaitFor(`document.querySelector('#origin-said').textContent !== ` + literal(before))
	said := s.next()
	assert.Contains(t, said, `["2025-01",`)
	s.WaitFor(`document.querySelector('#forecast-plot .interval')`)

	digest := s.digest()
	s.set("save-name", "Sales")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="Sales"]')`)
	s.Eval(`void scrollTo({ top: 0, behavior: 'instant' })`, nil)
	s.Screenshot("series-1280")
	s.Size(360, 740, true)
	s.fits("a model of series is trained")
	s.Screenshot("series-360")
	s.Size(1280, 900, false)
	s.reload()
	s.onModel("Sales", "shelf.load")
	s.WaitFor(`document.querySelector('#loaded-model') && document.querySelector('#digest')`)
	assert.Equal(t, digest, s.digest())
	assert.Contains(t, s.Text("#forecast-view"), "Open the file above")
	s.press("sample-sales")
	assert.Equal(t, said, s.next())
}

// Flights with the page's defaults: one seed here, the mean of five in TestScoreOfSeries.
func TestFlights(t *testing.T) {
	path := dataFile(t, "flights.csv")
	s := newLedger(t)
	s.Run(chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#series-0 .curve')`)
	assert.Contains(t, s.Text("#found"), "There are no gaps")
	assert.Less(t, s.train(1), s.number("#baseline-score"))
	assert.Contains(t, s.next(), `["1961-01",`)
}

// The acceptance on flights: the page's defaults beat “as a season before” in the mean
// over five seeds.
func TestScoreOfSeries(t *testing.T) {
	path := dataFile(t, "flights.csv")
	s := newLedger(t)
	s.Run(chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#series-0 .curve')`)
	sum := 0.0
	for seed := 1; seed <= 5; seed++ {
		score := s.train(seed)
		t.Logf("flights, seed %d: MAE %.2f", seed, score)
		sum += score
	}
	naive := s.number("#baseline-score")
	t.Logf("flights: mean MAE %.2f, seasonal naive %.2f", sum/5, naive)
	require.Less(t, sum/5, naive)
}

// Several series by the hour, with gaps: each is plotted, tested and forecast by itself.
func TestSeveralSeries(t *testing.T) {
	s := newLedger(t)
	s.press("sample-visitors")
	s.WaitFor(`document.querySelectorAll('#plots figure .gap').length > 3 && document.querySelectorAll('#plots figure').length === 3`)
	assert.Equal(t, "shop", s.value("key"))
	s.prepared()
	s.set("epochs", "3")
	s.train(1)
	s.WaitFor(`document.querySelector('#forecast-series option')`)
	for i, key := range []string{"Harbour", "Market", "Station"} {
		s.set("forecast-series", fmt.Sprint(i))
		s.WaitFor(`document.querySelector('#forecast-plot')?.getAttribute('aria-label').includes('The next ') && document.querySelector('#forecast-series').value === '` + fmt.Sprint(i) + `'`)
		var label string
		s.Eval(`document.querySelector('#forecast-series').selectedOptions[0].textContent`, &label)
		assert.Equal(t, key, label)
	}
	s.set("backtest-series", "2")
	s.WaitFor(`document.querySelector('#backtest-plot .interval')`)
}

// A shop owner wants a whole year ahead: the page says how far back there is room to look,
// and then forecasts it.
func TestAYearAhead(t *testing.T) {
	s := newLedger(t)
	s.press("sample-sales")
	s.prepared()
	s.set("horizon", "12")
	s.WaitFor(`document.querySelector('#problem-plan') && /look back \d+ at most/.test(document.querySelector('#horizon-check').textContent)`)
	var window string
	s.Eval(`document.querySelector('#horizon-check').textContent.match(/look back (\d+) at most/)[1]`, &window)
	s.set("window", window)
	s.WaitFor(`!document.querySelector('#problem-plan') && !document.querySelector('#horizon-check')`)
	assert.Less(t, s.train(1), s.number("#baseline-score"))
	assert.Contains(t, s.next(), `["2025-12",`)
	s.WaitFor(`document.querySelectorAll('#forecast tr[data-period]').length === 12`)
	s.WaitFor(`document.querySelector('#plot-steps .curve.val')`)
}

// A hundred thousand values: what reaches the page is as small as its pixels, the highest
// and the lowest survive. How long the tasks of the page's own thread were is told.
func TestManyValues(t *testing.T) {
	var text strings.Builder
	text.WriteString("time,load\n")
	for i := range 100_000 {
		v := 100 + 30*(i%24)/24 + i*7919%13
		if i == 77_777 {
			v = 999
		}
		fmt.Fprintf(&text, "%s,%d\n", time.Unix(int64(i)*3600, 0).UTC().Format("2006-01-02 15:04"), v)
	}
	path := filepath.Join(t.TempDir(), "load.csv")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	s := newLedger(t)
	stop := s.Tasks()
	s.Run(chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#series-0 .curve')`)
	assert.Contains(t, s.Text("#found"), "100\u202f000 hours")
	var size int
	s.Eval(`document.querySelector('#series-0 .curve').getAttribute('d').split(/[ML]/).length`, &size)
	assert.Less(t, size, 2100)
	assert.Contains(t, s.label("#series-0"), "and 999")
	s.prepared()
	s.set("epochs", "1")
	s.train(1)
	s.WaitFor(`document.querySelector('#backtest-plot .interval')`)
	s.set("origin", "9999")
	s.WaitFor(`document.querySelector('#origin').value === '9999' && document.querySelector('#backtest-plot')`)
	tasks := stop()
	l := longestOf(tasks)
	t.Logf("of %d tasks of the page's own thread one computed for %v at most; the longest by the clock took %v", len(tasks), l.cpu.CPU, l.wall.Wall)
}

// label is what an element is called for those who do not see it.
func (s *ledger) label(selector string) string {
	s.t.Helper()
	var v string
	s.Eval(`document.querySelector(`+literal(selector)+`).getAttribute('aria-label')`, &v)
	return v
}

// value is what a field holds.
func (s *ledger) value(id string) string {
	s.t.Helper()
	var v string
	s.Eval(`document.getElementById(`+literal(id)+`).value`, &v)
	return v
}

// Contract C5 on this page: from the first file on, nothing is asked for any more.
func TestNoSeriesLeaves(t *testing.T) {
	server := browser.Site(t, nil)
	proxy := browser.NewProxy(t, server)
	s := &ledger{openStudio(t, browser.Chromium(t, proxy.Settings()...), server+"/deep/site/series.html")}
	loaded := len(proxy.Seen())
	s.press("sample-sales")
	s.WaitFor(`document.querySelector('#series-0 .curve')`)
	s.prepared()
	s.set("epochs", "2")
	s.train(1)
	s.next()
	seen := proxy.Seen()
	assert.Empty(t, browser.Strange(seen, siteFiles(t, server+"/deep/site/")))
	assert.Empty(t, seen[loaded:], "the page asked for something after it ran")
}
