//go:build browser

package tests

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model of another program, as ONNX with channels first behind it, is opened on the
// road of images, gets a new last layer for the user's own classes, and goes onto a page.
func TestForeignModelLearnsPictures(t *testing.T) {
	foreign, err := train.New(nn.Sequential(nn.Input(20, 20, 3), nn.Conv2D(12, 5, nn.ReLU), nn.MaxPooling2D(2), nn.Flatten(), nn.Dense(10, nn.Softmax)), train.Seed(5), train.Name("elsewhere"))
	require.NoError(t, err)
	file, err := foreign.ToONNX()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "elsewhere.onnx")
	require.NoError(t, os.WriteFile(path, file, 0o644))

	s := newGallery(t)
	dir := filepath.Join(t.TempDir(), "leaves")
	leaves(t, dir, 30)
	s.chooseFolder(dir, 60)
	s.Run(chromedp.SetUploadFiles("#model-file", []string{path}, chromedp.ByQuery))
	s.WaitFor(anyProblem + ` || document.querySelector('#base-take')`)
	s.press("base-take")
	s.WaitFor(`document.querySelector('#base-name')`)
	assert.Contains(t, s.Text("#base-name"), "elsewhere")
	s.set("base-pixels", "signed")
	s.set("rate", "0.01")
	s.set("epochs", "15")
	for _, width := range []int{1280, 360} {
		s.Size(width, 900, false)
		s.Eval(`void document.querySelector('#base').scrollIntoView({ behavior: 'instant', block: 'center' })`, nil)
		s.fits("a foundation")
		s.View(map[int]string{1280: "foundation-1280", 360: "foundation-360"}[width])
	}
	s.Size(1280, 900, false)
	score := s.train(1)
	assert.Greater(t, score, 0.8)
	assert.Contains(t, s.Text("#verdict"), "test pictures")

	s.press("publish")
	s.WaitFor(`document.querySelectorAll('#publish-costs tbody tr').length === 3 && !/…/.test(document.querySelector('#publish-costs tbody').textContent)`)
	out := t.TempDir()
	s.Downloads(out)
	s.press("publish-page")
	files := unzipped(t, s.waitForFile(out))
	for _, name := range []string{"model.wasm", "embed.js", "embed-media.js", "index.html"} {
		assert.NotEmpty(t, files[name], name)
	}
}

// On a table, where the columns become as many numbers as the model takes; all of it
// learns.
func TestForeignModelLearnsTable(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.WaitFor(`document.querySelector('#train:enabled')`)
	garden := sampleModel(t, "garden")
	foreign, err := train.New(nn.Sequential(nn.Input(garden.Pipeline.Features()), nn.Dense(24, nn.Tanh), nn.Dense(3, nn.Softmax)), train.Seed(5), train.Name("elsewhere"))
	require.NoError(t, err)
	file, err := foreign.ToONNX()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "elsewhere.onnx")
	require.NoError(t, os.WriteFile(path, file, 0o644))
	s.Run(chromedp.SetUploadFiles("#model-file", []string{path}, chromedp.ByQuery))
	s.WaitFor(anyProblem + ` || document.querySelector('#base-take') || document.querySelector('#base-misfit')`)
	s.press("base-take")
	s.WaitFor(`document.querySelector("#base-keep option[value=whole]")`)
	s.set("base-keep", "whole")
	assert.Greater(t, s.train(1), 0.7)
}
