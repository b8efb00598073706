//go:build browser

package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/terrarium-ml/terrarium/tests/browser"
)

// What was chosen in the form stands in the address, with what boot.js reads; the address
// gives the same model to whoever opens it with the same data.
func TestSettingsInTheAddress(t *testing.T) {
	chromium, url := browser.Chromium(t), browser.Site(t, nil)+"/deep/site/?kernels=off"
	s := openStudio(t, chromium, url)
	s.sample("garden")
	s.prepared()
	s.set("epochs", "4")
	s.set("rate", "0.02")
	s.press("add-dropout")
	s.train(9)
	want := s.digest()
	s.WaitFor(`/seed=9/.test(location.search)`)
	var search, link string
	s.Eval(`location.search`, &search)
	s.Eval(`document.querySelector('#settings-link').search`, &link)
	assert.Regexp(t, `^\?epochs=4&rate=0\.02&seed=9&layers=[^&]+&kernels=off$`, search)
	assert.Contains(t, search, link)

	other := openStudio(t, chromium, browser.Site(t, nil)+"/deep/site/"+search)
	other.sample("garden")
	other.WaitFor(`document.querySelector('#seed')?.value === '9'`)
	other.train(9)
	assert.Equal(t, want, other.digest())
}
