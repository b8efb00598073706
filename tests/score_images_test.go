//go:build browser

package tests

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// What the page of images reaches by itself on MNIST's 10,000 test digits, of which it
// keeps 2,000 aside: both files are chosen together, nothing else is touched but the seed.
func TestScoreOfImages(t *testing.T) {
	files := []string{dataFile(t, "mnist/t10k-images-idx3-ubyte.gz"), dataFile(t, "mnist/t10k-labels-idx1-ubyte.gz")}
	s := newGallery(t)
	s.Run(chromedp.SetUploadFiles("#file", files, chromedp.ByQuery))
	s.WaitFor(`document.querySelectorAll('#classes li[data-class-name]').length === 10`)
	score := s.train(1)
	t.Logf("MNIST, seed 1: %.4f. %s", score, s.Text("#fit-summary"))
	assert.GreaterOrEqual(t, score, 0.975)
}
