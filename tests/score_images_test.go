//go:build browser

package tests

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// What the page of images reaches by itself on MNIST's 10,000 test digits, of which it
// keeps 2,000 aside: both files are chosen together, nothing else is touched but the seed.
// With SCORES=all it is the mean over seeds 1 to 5.
func TestScoreOfImages(t *testing.T) {
	files := []string{dataFile(t, "mnist/t10k-images-idx3-ubyte.gz"), dataFile(t, "mnist/t10k-labels-idx1-ubyte.gz")}
	s := newGallery(t)
	s.Run(chromedp.SetUploadFiles("#file", files, chromedp.ByQuery))
	s.WaitFor(`document.querySelectorAll('#classes li[data-class-name]').length === 10`)
	sum, seeds := 0.0, seedsAsked(1)
	for seed := 1; seed <= seeds; seed++ {
		score := s.train(seed)
		t.Logf("MNIST, seed %d: %.4f. %s", seed, score, s.Text("#fit-summary"))
		sum += score
	}
	t.Logf("MNIST: mean %.4f", sum/float64(seeds))
	assert.GreaterOrEqual(t, sum/float64(seeds), 0.975)
}
